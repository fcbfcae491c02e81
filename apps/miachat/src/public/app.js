// Small comforts on every page of MiaChat; nothing depends on them.

// A menu closes on Escape, giving the focus back, and when one clicks or moves away.
const menus = document.querySelectorAll('details.menu')

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const menu of menus) {
    if (!menu.open) continue
    menu.open = false
    menu.querySelector('summary').focus()
  }
})

for (const leave of ['click', 'focusin']) {
  document.addEventListener(leave, (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false
  })
}

// The server knows no time zone; the browser does.
const exact = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' })
for (const time of document.querySelectorAll('time[datetime]')) time.title = exact.format(new Date(time.dateTime))

// Unsent messages stay in this browser while one is signed in, and no longer.
document.addEventListener('submit', (event) => {
  if (new URL(event.target.action, location.href).pathname !== '/auth/logout') return
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('miachat.draft.')) localStorage.removeItem(key)
  } catch {
    // Without storage there are no drafts.
  }
})

// What was typed or chosen and not saved: the browser asks before the page is left.
let unsaved = false
for (const form of document.querySelectorAll('form[data-guard]')) {
  form.addEventListener('input', () => {
    unsaved = true
  })
  form.addEventListener('submit', () => {
    unsaved = false
  })
}
window.addEventListener('beforeunload', (event) => {
  if (unsaved) event.preventDefault()
})

// A page for when the server cannot be reached. Browsers take workers over https and on this machine only.
const { offlineWorker } = document.body.dataset
if (offlineWorker && 'serviceWorker' in navigator) navigator.serviceWorker.register(offlineWorker).catch(() => {})
