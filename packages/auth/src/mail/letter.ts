/** What a letter says, in plain text: the builder escapes it and draws it. */
export interface LetterContent {
  /** BCP 47. */
  readonly language: string
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** The one thing to do: a button, and the address in full for programs that draw none. */
  readonly action?: {
    readonly label: string
    readonly url: string
    /** Before the address: "Or open this address:". */
    readonly orOpen: string
  }
  /** To be typed on the page that asks for it. */
  readonly code?: string
  /** Below a line: what to do where the letter was not expected. */
  readonly smallPrint: readonly string[]
}

/** The parts of a message. */
export interface LetterParts {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** One line without signs that end a header, turn the writing round or are not seen: names are chosen by strangers. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()

const ADDRESS = String.raw`[^\s<>@,;:"()]+@[^\s<>@,;:"()]+`
const SENDER = new RegExp(`^(?:${ADDRESS}|(?:[^<>@,;:"]{1,100} )?<${ADDRESS}>)$`)
/** Whether this can stand in the header From: an address, alone or in angle brackets after a name (RFC 5322, 3.4). */
export const isSender = (from: string): boolean => oneLine(from) === from && SENDER.test(from)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => oneLine(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

/** A letter of `siteName` in text and HTML: no image, no script, nothing that is fetched, so that opening it tells nobody. */
export function letterParts(siteName: string, content: LetterContent): LetterParts {
  return { subject: oneLine(content.subject), text: textPart(siteName, content), html: htmlPart(siteName, content) }
}

function textPart(siteName: string, { greeting, paragraphs, action, code, smallPrint }: LetterContent): string {
  const blocks = [
    oneLine(greeting),
    ...paragraphs.map(oneLine),
    ...(code === undefined ? [] : [`    ${oneLine(code)}`]),
    ...(action === undefined ? [] : [`${oneLine(action.label)}:\n${oneLine(action.url)}`]),
    // The blank belongs to it: programs fold a signature that begins so.
    `-- \n${[...smallPrint.map(oneLine), oneLine(siteName)].join('\n')}`,
  ]
  return `${blocks.join('\n\n')}\n`
}

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
/** Text has the colour of the mail program, which fits its ground, light or dark; only the button brings its own two. */
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#7d3560;color:#ffffff;text-decoration:none;font-weight:600'

function htmlPart(siteName: string, content: LetterContent): string {
  const { language, subject, greeting, paragraphs, action, code, smallPrint } = content
  const url = action && escaped(action.url)
  return `<!doctype html>
<html lang="${escaped(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px 16px;${FONT};font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
<p>${escaped(greeting)}</p>
${paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>\n`).join('')}${
  code === undefined ? '' : `<p style="font-size:28px;letter-spacing:4px;font-weight:600">${escaped(code)}</p>\n`
}${
  action === undefined
    ? ''
    : `<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escaped(action.label)}</a></p>
<p style="font-size:14px">${escaped(action.orOpen)}<br><a href="${url}" style="word-break:break-all">${url}</a></p>\n`
}<hr style="border:0;border-top:1px solid #999999;margin:24px 0">
${[...smallPrint, siteName].map((line) => `<p style="margin:4px 0;font-size:14px">${escaped(line)}</p>\n`).join('')}</div></body></html>
`
}
