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

// Enter sends, Shift+Enter makes a line. Never while an input method is composing a word.
for (const form of document.querySelectorAll('[data-composer]')) {
  const text = form.querySelector('textarea')
  text.addEventListener('keydown', (event) => {
    const plain = event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229
    if (!plain || matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    if (text.value.trim() !== '') form.requestSubmit()
  })
}
