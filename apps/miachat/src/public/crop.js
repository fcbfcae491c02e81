// The frame follows the sliders; without script it is drawn anew when the form was saved.
const form = document.querySelector('[data-crop]')
if (form) {
  const { width, height } = form.querySelector('svg').dataset
  const frame = form.querySelector('circle')
  const percent = (name) => Number(form.elements.namedItem(name).value)
  form.addEventListener('input', () => {
    const side = (Math.min(width, height) * percent('size')) / 100
    frame.setAttribute('r', side / 2)
    frame.setAttribute('cx', ((width - side) * percent('across')) / 100 + side / 2)
    frame.setAttribute('cy', ((height - side) * percent('down')) / 100 + side / 2)
  })
}
