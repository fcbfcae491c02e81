// A slider beside each number box, and what the dials add to the prompt while one turns them. The box is what is sent.

const form = document.querySelector('[data-personality]')
const words = JSON.parse(form.dataset.words)
const previewAfter = 400

for (const dial of form.querySelectorAll('[data-dial]')) {
  const range = dial.querySelector('[data-dial-range]')
  const box = dial.querySelector('input[type=number]')
  range.hidden = false
  const follow = () => {
    if (box.value !== '' && box.checkValidity()) range.value = box.value
    range.setAttribute(
      'aria-valuetext',
      words.of.replace('{value}', range.value).replace('{word}', word(Number(range.value), dial.dataset)),
    )
  }
  box.addEventListener('input', follow)
  range.addEventListener('input', () => {
    box.value = range.value
    follow()
  })
  follow()
}

function word(value, { low, high }) {
  if (value > 40 && value < 60) return words.balanced
  const said = value >= 80 || value <= 20 ? words.very : words.rather
  return said.replace('{word}', value > 50 ? high : low)
}

const place = form.querySelector('[data-preview]')
// Taken out and not only hidden: Enter in a field presses the first button of a form, and here it shall save.
form.querySelector('[data-preview-button]').remove()
let timer
let last = 0
form.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(preview, previewAfter)
})

async function preview() {
  const count = ++last
  try {
    const response = await fetch('/personality/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    })
    if (!response.ok || count !== last) return
    const { text } = await response.json()
    place.textContent = text === '' ? words.nothing : text
  } catch {
    // The server is away for a moment: the next change asks again, and saving shows the truth.
  }
}
