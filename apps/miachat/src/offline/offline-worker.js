// Shows a page of ours when the server cannot be reached. It keeps that one page and its files, and nothing of anybody's own.
const KEPT = 'miachat-offline'
const PAGE = '/offline'

addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => skipWaiting()))
})

addEventListener('activate', (event) => {
  event.waitUntil(clients.claim())
})

async function keep() {
  const answer = await fetch(PAGE, { credentials: 'omit' })
  if (!answer.ok) throw new Error(`${PAGE} answered ${answer.status}`)
  const text = await answer.clone().text()
  const files = [...text.matchAll(/(?:src|href)="(\/(?:auth\/)?assets\/[^"]+)"/g)].map(([, address]) => address)
  const cache = await caches.open(KEPT)
  await cache.put(PAGE, answer)
  await cache.addAll(files)
}

addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)))
  } else if (/^\/(auth\/)?assets\//.test(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()))
  }
})
