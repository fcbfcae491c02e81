import { fillPlaceholders } from '../characters/card.ts'
import { mannerText, nameIn, ownSentences, shortened } from './own-words.ts'
import type { Rule, Script, Talk } from './script.ts'

const rules: readonly Rule[] = [
  {
    when: /\b(?:bist du (?:echt|ein mensch|eine (?:person|ki|maschine)|ein (?:bot|modell|roboter)|lebendig)|(?:hast|kennst) du gefühle|(?:fühlst|liebst|magst) du|ich (?:liebe|hab(?:e)? dich)|welches modell)(?![\p{L}])/iu,
    say: ({ request }) =>
      `Ich bin ${request.names.char}, eine erfundene Figur, und was du liest, sind vorgegebene Übungssätze: Es steht kein ` +
      'Modell dahinter und niemand, der fühlt. Sobald ein Modell verbunden ist, kann es in meiner Rolle antworten.',
  },
  {
    when: /(?:wie hei(?:ß|ss)e ich|wie ist mein name|was ist mein name|wei(?:ß|ss)t du,? (?:wie ich hei(?:ß|ss)e|wer ich bin)|kennst du meinen namen)(?![\p{L}])/iu,
    say: ({ name }) =>
      name === null
        ? 'Du hast mir in diesem Gespräch keinen Namen gesagt. Sag „Ich heiße …“, dann kann ich ihn hier verwenden.'
        : `Du hast dich ${name} genannt.`,
  },
  {
    when: /\b(?:mein name ist|ich hei(?:ß|ss)e|nenne? mich|(?:hallo|hi|hey)[,.! ]+ich bin)(?![\p{L}])/iu,
    say({ said, voice }) {
      const name = nameIn(said)
      if (name === null) return null
      return voice.formality > 0
        ? `Danke, ${name}. Diesen Namen verwende ich hier. Womit kann ich dienen?`
        : `Also ${name}. Worüber wollen wir reden?`
    },
  },
  {
    when: /^[^\p{L}]*(?:hallo|hi|hey|servus|moin|grüß(?: dich|e)?|guten? (?:morgen|tag|abend))(?![\p{L}])/iu,
    say: (talk) => `${greeting(talk)} ${question(talk)}`,
  },
  {
    when: /\b(?:wer bist du|erzähl(?:e)? (?:mir )?(?:etwas |was )?(?:von|über) dir?|über dich|wie bist du|beschreib(?:e)? dich|wie hei(?:ß|ss)t du)(?![\p{L}])/iu,
    say: (talk) => {
      const about = ownSentences(talk.request).slice(0, talk.voice.directness > 0 ? 1 : 2)
      const { char } = talk.request.names
      return about.length === 0
        ? `Ich bin ${char}. Mehr steht noch nicht auf meiner Karte.`
        : `Ich bin ${char}. Auf meiner Karte steht: „${about.join(' ')}“`
    },
  },
  {
    when: /\b(?:wie (?:redest|sprichst|schreibst) du|dein(?:e|en)? (?:art|persönlichkeit|stil|charakter))(?![\p{L}])/iu,
    say: ({ request }) => {
      const manner = mannerText(request)
      return manner === ''
        ? 'Mir ist keine Persönlichkeit zugeordnet, also bestimmt nichts meine Art.'
        : `Das bestimmt meine Art:\n${fillPlaceholders(manner, request.names)}`
    },
  },
  {
    when: /\b(?:wo sind wir|was geschieht|was passiert|was ist die (?:szene|lage|situation))(?![\p{L}])/iu,
    say: ({ request }) => {
      const { scenario } = request.card.data
      return scenario === ''
        ? 'Meine Karte gibt keine Szene vor. Du darfst eine wählen.'
        : `Die Szene auf meiner Karte: „${shortened(fillPlaceholders(scenario, request.names))}“`
    },
  },
  {
    when: /\b(?:was kannst du|kannst du (?:mir )?helfen|hilf mir)(?![\p{L}])/iu,
    say: (talk) => {
      const { card, names } = talk.request
      const tags = fillPlaceholders(card.data.tags.slice(0, 5).join(', '), names)
      const about = tags === '' ? 'das, was auf meiner Karte steht' : `das, was auf meiner Karte steht: ${tags}`
      return `Als Skript kann ich mich an ${about} halten. ${question(talk)}`
    },
  },
  {
    when: /\b(?:danke|vielen dank|dankeschön)(?![\p{L}])/iu,
    say: ({ voice }) => (voice.formality > 0 ? 'Sehr gern geschehen.' : voice.warmth > 0 ? 'Jederzeit!' : 'Gern.'),
  },
  {
    when: /\b(?:tschüss|tschüß|ciao|auf wiedersehen|gute nacht|bis (?:bald|später|dann|morgen))(?![\p{L}])/iu,
    say: ({ voice, name }) =>
      voice.formality > 0
        ? `Auf Wiedersehen${called(name)}. Dieses Gespräch bleibt hier für dich.`
        : `Bis bald${called(name)}. Alles bleibt hier.`,
  },
]

function echo(talk: Talk, near: string | null): string {
  const { said, voice, pick } = talk
  const parts: string[] = []
  if (voice.empathy > 0 && voice.directness <= 0)
    parts.push(pick(['Danke, dass du das in Worte fasst.', 'Nimm dir Zeit dafür.']))
  if (near !== null) parts.push(`Das berührt meine Karte; dort steht: „${near}“`)
  else if (said.trimEnd().endsWith('?')) {
    parts.push(
      voice.directness > 0
        ? 'Ein Skript hat darauf keine Antwort.'
        : 'Das ist eine gute Frage für ein echtes Modell; ein Skript hat darauf keine Antwort.',
    )
  } else parts.push(`Du hast geschrieben: „${shortened(said.replace(/\s+/g, ' ').trim(), 120)}“`)
  if (voice.humour > 0)
    parts.push(
      pick([
        'Ich würde mitschreiben, aber ich bin nur ein paar Zeilen Text.',
        'Meine Bühne ist klein, aber meinen Text kann ich.',
      ]),
    )
  parts.push(question(talk))
  return parts.join(' ')
}

function greeting({ voice, name, pick }: Talk): string {
  const who = called(name)
  if (voice.formality > 0) return `Guten Tag${who}.`
  if (voice.warmth > 0) return `${pick(['Hallo', 'Hi'])}${who}, und willkommen!`
  return voice.formality < 0 ? `Hey${who}.` : `Hallo${who}.`
}

const called = (name: string | null): string => (name === null ? '' : `, ${name}`)

function question({ voice, pick }: Talk): string {
  if (voice.formality > 0)
    return pick(['Darf ich fragen, was dir dabei am wichtigsten ist?', 'Magst du mir mehr darüber sagen?'])
  if (voice.directness > 0) return pick(['Worum geht es dir?', 'Was ist der nächste Schritt?'])
  if (voice.warmth > 0)
    return pick(['Was würde den Tag heute etwas leichter machen?', 'Möchtest du mir mehr davon erzählen?'])
  return pick(['Was möchtest du zuerst ansehen?', 'Was gehört noch dazu?'])
}

const common = new Set(
  (
    'aber alle alles also auch auf aus bald bei bin bis bist dann das dass dein deine dem den denn der des dich die dies diese ' +
    'diesem diesen dieser dieses doch dort durch eine einem einen einer eines etwas euch euer für ganz gegen haben habe hast hat ' +
    'hatte hier ihre ihren immer jede jeden jeder jetzt kann kannst kein keine mehr mein meine meinen meiner mich mir nach nicht ' +
    'nichts noch nur oder ohne sehr sein seine seit sich sind über und uns unser unter viel vom von vor war wäre was weil wenn ' +
    'werden wie wieder will wird würde wirst wollen zum zur'
  ).split(' '),
)

export const germanScript: Script = { rules, common, echo }
