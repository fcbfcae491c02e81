import type { health as english } from '../en/health.ts'

export const health: typeof english = {
  topics: {
    version: 'Version',
    settings: 'Einstellungen',
    key: 'Schlüssel',
    keyAge: 'Alter des Schlüssels',
    disk: 'Platz',
    backups: 'Sicherungen',
    workers: 'Prozesse',
  },
  version: (product, node) => `MiaChat ${product} mit Node ${node}.`,
  oneWarning: 'Es gibt eine Warnung. „miachat doctor“, auf dem Server ausgeführt, sagt, welche.',
  warnings: (count) => `Es gibt ${count} Warnungen. „miachat doctor“, auf dem Server ausgeführt, sagt, welche.`,
  keyAge: (day) =>
    `In Gebrauch seit ${day}. Hat ihn vielleicht jemand gelesen, wechsle ihn auf dem Server: „miachat keys rotate“.`,
  dataFolder: 'den Datenordner',
  itsFolder: 'ihrem Ordner',
  free: (size, folder) => `${size} sind frei für ${folder}.`,
  little: (size, folder) => `Nur ${size} sind frei für ${folder}. Schaff Platz, bevor er voll ist.`,
  full: (size, folder) =>
    `Nur ${size} sind frei für ${folder}. Ohne Platz kann MiaChat nicht schreiben: Schaff jetzt welchen.`,
  postgresBackups: 'PostgreSQL wird mit pg_dump gesichert; das sieht MiaChat nicht.',
  noBackupYet: 'Es gibt noch keine. Führ jeden Tag „miachat backup“ aus, durch einen Timer.',
  noBackup: (folder) =>
    `In ${folder} ist keine. Führ jeden Tag „miachat backup“ aus, durch einen Timer. Sicherungen anderswo werden nicht gesehen.`,
  oldBackup: (folder, count) =>
    `Die neueste in ${folder} ist ${count} Tage alt. Führ jeden Tag „miachat backup“ aus, durch einen Timer.`,
  todaysBackup: (folder) => `Die neueste in ${folder} ist keinen Tag alt.`,
  backup: (folder, count) => `Die neueste in ${folder} ist ${count} Tage alt.`,
  tooManyWorkers: (workers, processors) =>
    `WORKERS ist ${workers}, aber es gibt ${processors} Prozessoren: Setz es auf ${processors} oder weniger.`,
  workers: (workers, processors) => `WORKERS ist ${workers}, Prozessoren: ${processors}.`,
}
