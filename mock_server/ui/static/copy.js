// Adds a copy button after each element with data-copy. Without this script, users select the text.
"use strict";

async function copy(block) {
  if (navigator.clipboard) return navigator.clipboard.writeText(block.innerText);
  const selection = getSelection(); // no clipboard outside of secure contexts
  selection.selectAllChildren(block);
  document.execCommand("copy");
}

for (const block of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await copy(block);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.after(button);
}
