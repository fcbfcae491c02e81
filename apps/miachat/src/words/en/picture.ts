/** The picture that a person has of itself. */
export const picture = {
  title: 'Your picture',
  lead: 'It stands beside your name. Nobody else sees it.',
  yours: 'Your picture',
  choose: 'Choose a picture',
  chooseOther: 'Choose another picture',
  hint: 'JPEG, PNG or WebP, up to 8 MB. It is drawn anew here: places, cameras and other notes in the file are dropped.',
  upload: 'Upload',
  uploading: 'Uploading…',
  crop: 'What is shown',
  cropIntro: 'The circle is what stands beside your name.',
  preview: 'The picture with a circle around what is shown',
  size: 'Size of the circle',
  across: 'From left to right',
  down: 'From top to bottom',
  saveCrop: 'Save',
  saving: 'Saving…',
  remove: 'Remove the picture',
  /** On the profile. */
  change: 'Change your picture',
  add: 'Add a picture of yourself',
  notices: { saved: 'This is your picture now.', cropped: 'Saved.', removed: 'The picture is removed.' },
  problems: {
    'picture.required': 'Choose a file first.',
    // A form without a file sends an empty one.
    'picture.too_short': 'Choose a file first.',
    picture_kind: 'This is no JPEG, PNG or WebP picture.',
    picture_large: 'This picture has more than 6,000 pixels on a side. Make it smaller first.',
    picture_broken: 'This picture cannot be read. Save it anew in another program, or take another.',
  },
}
