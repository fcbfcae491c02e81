import type { Script } from './script.ts'

const common = new Set(
  (
    'aber alle alles also auch auf aus bald bei bin bis bist dann das dass dein deine dem den denn der des dich die dies diese ' +
    'diesem diesen dieser dieses doch dort durch eine einem einen einer eines etwas euch euer für ganz gegen haben habe hast hat ' +
    'hatte hier ihre ihren immer jede jeden jeder jetzt kann kannst kein keine mehr mein meine meinen meiner mich mir nach nicht ' +
    'nichts noch nur oder ohne sehr sein seine seit sich sind über und uns unser unter viel vom von vor war wäre was weil wenn ' +
    'werden wie wieder will wird würde wirst wollen zum zur'
  ).split(' '),
)

export const germanScript: Script = {
  when: {
    honesty:
      /\b(?:bist du (?:echt|ein mensch|eine (?:person|ki|maschine)|ein (?:bot|modell|roboter)|lebendig)|(?:hast|kennst) du gefühle|(?:fühlst|liebst|magst) du|ich (?:liebe|hab(?:e)? dich)|welches modell)(?![\p{L}])/iu,
    myName:
      /(?:wie hei(?:ß|ss)e ich|wie ist mein name|was ist mein name|wei(?:ß|ss)t du,? (?:wie ich hei(?:ß|ss)e|wer ich bin)|kennst du meinen namen)(?![\p{L}])/iu,
    newName: /\b(?:mein name ist|ich hei(?:ß|ss)e|nenne? mich|(?:hallo|hi|hey)[,.! ]+ich bin)(?![\p{L}])/iu,
    greeting: /^[^\p{L}]*(?:hallo|hi|hey|servus|moin|grüß(?: dich|e)?|guten? (?:morgen|tag|abend))(?![\p{L}])/iu,
    about:
      /\b(?:wer bist du|erzähl(?:e)? (?:mir )?(?:etwas |was )?(?:von|über) dir?|über dich|wie bist du|beschreib(?:e)? dich|wie hei(?:ß|ss)t du)(?![\p{L}])/iu,
    manner:
      /\b(?:wie (?:redest|sprichst|schreibst) du|dein(?:e|en)? (?:art|persönlichkeit|stil|charakter))(?![\p{L}])/iu,
    scene: /\b(?:wo sind wir|was geschieht|was passiert|was ist die (?:szene|lage|situation))(?![\p{L}])/iu,
    skills: /\b(?:was kannst du|kannst du (?:mir )?helfen|hilf mir)(?![\p{L}])/iu,
    thanks: /\b(?:danke|vielen dank|dankeschön)(?![\p{L}])/iu,
    farewell: /\b(?:tschüss|tschüß|ciao|auf wiedersehen|gute nacht|bis (?:bald|später|dann|morgen))(?![\p{L}])/iu,
  },
  common,
  honesty: (char) =>
    `Ich bin ${char}, eine erfundene Figur, und was du liest, sind vorgegebene Übungssätze: Es steht kein ` +
    'Modell dahinter und niemand, der fühlt. Sobald ein Modell verbunden ist, kann es in meiner Rolle antworten.',
  myName: {
    unknown: 'Du hast mir in diesem Gespräch keinen Namen gesagt. Sag „Ich heiße …“, dann kann ich ihn hier verwenden.',
    known: (name) => `Du hast dich ${name} genannt.`,
  },
  newName: {
    formal: (name) => `Danke, ${name}. Diesen Namen verwende ich hier. Womit kann ich dienen?`,
    plain: (name) => `Also ${name}. Worüber wollen wir reden?`,
  },
  greeting: {
    formal: (who) => `Guten Tag${who}.`,
    warm: [(who) => `Hallo${who}, und willkommen!`, (who) => `Hi${who}, und willkommen!`],
    casual: (who) => `Hey${who}.`,
    plain: (who) => `Hallo${who}.`,
  },
  about: {
    empty: (char) => `Ich bin ${char}. Mehr steht noch nicht auf meiner Karte.`,
    card: (char, text) => `Ich bin ${char}. Auf meiner Karte steht: „${text}“`,
  },
  manner: {
    none: 'Mir ist keine Persönlichkeit zugeordnet, also bestimmt nichts meine Art.',
    text: (text) => `Das bestimmt meine Art:\n${text}`,
  },
  scene: {
    none: 'Meine Karte gibt keine Szene vor. Du darfst eine wählen.',
    text: (text) => `Die Szene auf meiner Karte: „${text}“`,
  },
  skills: {
    any: 'Als Skript kann ich mich an das halten, was auf meiner Karte steht.',
    tags: (tags) => `Als Skript kann ich mich an das halten, was auf meiner Karte steht: ${tags}.`,
  },
  thanks: { formal: 'Sehr gern geschehen.', warm: 'Jederzeit!', plain: 'Gern.' },
  farewell: {
    formal: (who) => `Auf Wiedersehen${who}. Dieses Gespräch bleibt hier für dich.`,
    plain: (who) => `Bis bald${who}. Alles bleibt hier.`,
  },
  empathy: ['Danke, dass du das in Worte fasst.', 'Nimm dir Zeit dafür.'],
  near: (text) => `Das berührt meine Karte; dort steht: „${text}“`,
  noAnswer: {
    direct: 'Ein Skript hat darauf keine Antwort.',
    plain: 'Das ist eine gute Frage für ein echtes Modell; ein Skript hat darauf keine Antwort.',
  },
  wrote: (text) => `Du hast geschrieben: „${text}“`,
  humour: [
    'Ich würde mitschreiben, aber ich bin nur ein paar Zeilen Text.',
    'Meine Bühne ist klein, aber meinen Text kann ich.',
  ],
  question: {
    formal: ['Darf ich fragen, was dir dabei am wichtigsten ist?', 'Magst du mir mehr darüber sagen?'],
    direct: ['Worum geht es dir?', 'Was ist der nächste Schritt?'],
    warm: ['Was würde den Tag heute etwas leichter machen?', 'Möchtest du mir mehr davon erzählen?'],
    plain: ['Was möchtest du zuerst ansehen?', 'Was gehört noch dazu?'],
  },
}
