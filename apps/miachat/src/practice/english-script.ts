import type { Script } from './script.ts'

const common = new Set(
  (
    'about after again also because been before being could does doing from have here into just like make more most much ' +
    'never only other over really same should some such than that their them then there these they this those very want ' +
    'were what when where which while will with would your yours'
  ).split(' '),
)

export const englishScript: Script = {
  when: {
    honesty:
      /\b(?:are you (?:real|human|a (?:person|human|bot|machine|model)|an ai|alive|conscious)|do you (?:feel|love|like me)|(?:i|you) love (?:you|me)|which model|what model)\b/i,
    myName: /\b(?:what(?:['’]s| is) my name|do you (?:know|remember) (?:my name|who i am))\b/i,
    newName: /\b(?:my name is|i am called|i['’]m called|call me)\b/i,
    greeting: /^\W*(?:hi|hello|hey|hiya|good (?:morning|day|afternoon|evening)|greetings)\b/i,
    about: /\b(?:who are you|about yourself|what are you like|describe yourself|what(?:['’]s| is) your name)\b/i,
    manner: /\b(?:how do you (?:talk|speak|write)|your (?:manner|personality|style|character))\b/i,
    scene: /\b(?:where are we|what is happening|what(?:['’]s| is) the (?:scene|scenario|situation))\b/i,
    skills: /\b(?:what can you do|can you help|help me)\b/i,
    thanks: /\b(?:thank you|thanks|thank u|cheers)\b/i,
    farewell: /\b(?:bye|goodbye|good night|see you|farewell)\b/i,
  },
  common,
  honesty: (char) =>
    `I am ${char}, a fictional character, and what you read are scripted practice lines: there is no ` +
    'model behind them, and nobody who feels. Once a model is connected, it can answer in my part.',
  myName: {
    unknown: 'You have not told me your name in this conversation. Say “My name is …” and I can use it here.',
    known: (name) => `You gave your name as ${name}.`,
  },
  newName: {
    formal: (name) => `Thank you, ${name}. I will use that name here. How may I be of help?`,
    plain: (name) => `${name} it is. What shall we talk about?`,
  },
  greeting: {
    formal: (who) => `Good day${who}.`,
    warm: [(who) => `Hello${who}, and welcome!`, (who) => `Hi${who}, and welcome!`],
    casual: (who) => `Hey${who}.`,
    plain: (who) => `Hello${who}.`,
  },
  about: {
    empty: (char) => `I am ${char}. Nothing more is written on my card yet.`,
    card: (char, text) => `I am ${char}. My card says: “${text}”`,
  },
  manner: {
    none: 'No personality is attached to me, so nothing sets my manner.',
    text: (text) => `This sets my manner:\n${text}`,
  },
  scene: {
    none: 'My card sets no scene. You may choose one.',
    text: (text) => `The scene on my card: “${text}”`,
  },
  skills: {
    any: 'As a script I can keep to what is on my card.',
    tags: (tags) => `As a script I can keep to what is on my card: ${tags}.`,
  },
  thanks: { formal: 'You are very welcome.', warm: 'Any time!', plain: 'Sure.' },
  farewell: {
    formal: (who) => `Goodbye${who}. This conversation stays here for you.`,
    plain: (who) => `See you${who}. It all stays here.`,
  },
  empathy: ['Thank you for putting that into words.', 'Take your time with it.'],
  near: (text) => `That touches my card, where it says: “${text}”`,
  noAnswer: {
    direct: 'A script has no answer to that.',
    plain: 'That is a good question for a real model; a script has no answer to it.',
  },
  wrote: (text) => `You wrote: “${text}”`,
  humour: ['I would take notes, but I am only a few lines of text.', 'My stage is small, but I know my lines.'],
  question: {
    formal: ['May I ask what matters most to you in this?', 'Would you care to tell me more?'],
    direct: ['What is the point you care about?', 'What is the next step?'],
    warm: ['What would make today a little easier?', 'Would you like to tell me more about it?'],
    plain: ['What would you like to look at first?', 'What else belongs to it?'],
  },
}
