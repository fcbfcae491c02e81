import type { picture as english } from '../en/picture.ts'

export const picture: typeof english = {
  title: 'Dein Bild',
  lead: 'Es steht neben deinem Namen. Niemand sonst sieht es.',
  yours: 'Dein Bild',
  choose: 'Bild auswählen',
  chooseOther: 'Anderes Bild auswählen',
  hint: 'JPEG, PNG oder WebP, bis zu 8 MB. Es wird hier neu gezeichnet: Orte, Kameras und andere Notizen in der Datei fallen weg.',
  upload: 'Hochladen',
  uploading: 'Wird hochgeladen …',
  crop: 'Was gezeigt wird',
  cropIntro: 'Der Kreis ist, was neben deinem Namen steht.',
  preview: 'Das Bild mit einem Kreis um das, was gezeigt wird',
  size: 'Größe des Kreises',
  across: 'Von links nach rechts',
  down: 'Von oben nach unten',
  saveCrop: 'Speichern',
  saving: 'Wird gespeichert …',
  remove: 'Bild entfernen',
  change: 'Dein Bild ändern',
  add: 'Bild von dir hinzufügen',
  notices: { saved: 'Das ist jetzt dein Bild.', cropped: 'Gespeichert.', removed: 'Das Bild ist entfernt.' },
  problems: {
    'picture.required': 'Wähl erst eine Datei aus.',
    // A form without a file sends an empty one.
    'picture.too_short': 'Wähl erst eine Datei aus.',
    picture_kind: 'Das ist kein Bild in JPEG, PNG oder WebP.',
    picture_large: 'Dieses Bild hat mehr als 6.000 Pixel an einer Seite. Mach es erst kleiner.',
    picture_broken:
      'Dieses Bild lässt sich nicht lesen. Speichere es in einem anderen Programm neu, oder nimm ein anderes.',
  },
}
