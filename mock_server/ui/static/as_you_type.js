// Displays each field's error while the user types. Without this script, the server reports the same errors.
"use strict";

for (const form of document.querySelectorAll("form[data-checked]")) {
  const fields = [...form.elements].filter((field) => field.dataset.mistake);
  const place = (field) => document.getElementById(`mistake-${field.name}`);
  const isWrong = (field) => {
    const twin = form.elements[field.dataset.sameAs];
    return twin ? field.value !== twin.value || !field.value : !field.validity.valid;
  };
  const show = (field) => {
    const wrong = isWrong(field);
    place(field).textContent = wrong ? field.dataset.mistake : "";
    field.toggleAttribute("aria-invalid", wrong);
    if (wrong) field.setAttribute("aria-invalid", "true");
  };
  const wasShown = new Set(fields.filter((field) => place(field).textContent));

  form.noValidate = true; // otherwise the browser displays its own messages
  for (const field of fields) {
    field.addEventListener("change", () => { wasShown.add(field); show(field); });
    field.addEventListener("input", () => {
      if (wasShown.has(field)) show(field);
      for (const other of fields) if (other.dataset.sameAs === field.name && wasShown.has(other)) show(other);
    });
  }
  form.addEventListener("submit", (event) => {
    const wrong = fields.filter(isWrong);
    fields.forEach((field) => { wasShown.add(field); show(field); });
    if (wrong.length) { event.preventDefault(); wrong[0].focus(); }
  });
}
