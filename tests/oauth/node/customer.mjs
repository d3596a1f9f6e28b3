// Simulates the customer with the control API: the next authorize request is approved and redirected immediately.
const CALLBACK = 'http://127.0.0.1:5000/callback'
const SCOPE = 'FB=4_16_51;AdditionalScope=auth-test-test_residential'

async function approve(base, address) {
  await fetch(`${base}/_mock/auto-approve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ enabled: true, times: 1 })
  })
  const answer = await fetch(address, { redirect: 'manual' })
  return new URL(answer.headers.get('location'))
}

export { CALLBACK, SCOPE, approve }
