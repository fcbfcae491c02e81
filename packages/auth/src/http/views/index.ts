/** The door for host apps that draw their own pages: `@miachat/auth/views`. */

export { deviceWords } from '../../words/device-words.ts'
export { english, languageNames, type Words } from '../../words/words.ts'
export { eventWords } from './event-words.ts'
export { secondFactorWords } from './factor-views.ts'
export { type ForgotView, forgotView, type RecoveryWay } from './forgot-view.ts'
export {
  type ButtonOptions,
  button,
  type CheckOptions,
  check,
  errorFor,
  errorSummary,
  type FieldOptions,
  type FormError,
  type FormPageOptions,
  field,
  fieldError,
  fieldId,
  formPage,
  honeypot,
  passwordField,
  type SelectOptions,
  select,
} from './forms.ts'
export { attributes, type Html, html, plural, raw, renderHtml } from './html.ts'
export { languageChoice } from './language-choice.ts'
export {
  type Banner,
  bannerBox,
  createDefaultLayout,
  type DefaultLayoutOptions,
  type DocumentParts,
  defaultLayout,
  htmlDocument,
  type Layout,
  languageForm,
  type Notice,
  noticeBox,
  type Page,
  stepUpChip,
  type Theme,
  themeAction,
  themeForm,
  themes,
} from './layout.ts'
export { type RowOptions, row, rowList, type SectionOptions, section } from './lists.ts'
export { type LoginView, loginView, plainHttpWarning } from './login-view.ts'
export type { ShownFields } from './register-view.ts'
export { type NewPasswordOptions, newPasswordField, type RegisterView, registerView } from './register-view.ts'
export { relativeTime } from './relative-time.ts'
export { linkInvalidView, type ResetView, resetView } from './reset-view.ts'
export {
  type FramedPage,
  type SettingsFrame,
  type SettingsPath,
  type SettingsSection,
  settingsFrame,
  settingsSections,
} from './settings-frame.ts'
