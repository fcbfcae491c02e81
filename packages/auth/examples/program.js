const { SERVER = 'http://localhost:3000', NAME = '', PASSWORD = '' } = process.env

async function post(path, body) {
  const response = await fetch(SERVER + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail}`)
  return answer
}

// Once: an access token for half an hour, and a refresh token for a week.
let tokens = await post('/auth/api/login', { username: NAME, password: PASSWORD })
// Before `expires_in` seconds are over: a new pair. Each refresh token works once, so keep the new one.
tokens = await post('/auth/api/refresh', { refresh_token: tokens.refresh_token })
const me = await fetch(`${SERVER}/auth/api/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
console.log((await me.json()).user.username)
// At the end: the whole family of tokens is dead.
await post('/auth/api/logout', { refresh_token: tokens.refresh_token })
