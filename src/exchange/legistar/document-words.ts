/** What an attachment is, by its name, and in what form, by the end of its address. */

/** The first whose words are in the name. A calendar is what New York calls the agenda of its land use meetings. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/transcript/i, 'transcript'],
  [/testimony/i, 'testimony'],
  [/\bminutes\b/i, 'minutes'],
  [/\b(agenda|calendar)\b/i, 'agenda'],
  [/fiscal (impact|note)/i, 'fiscal_note'],
  [/committee report/i, 'committee_report'],
  [/staff report/i, 'staff_report'],
  [/veto (message|transmittal)/i, 'veto_message'],
  [/^(plain language )?summary\b/i, 'summary'],
  [/\bexhibit\b|\bcharts? for\b|\bmaps?\b/i, 'exhibit'],
];

export function documentKindOf(name: string): string {
  return KINDS.find(([words]) => words.test(name))?.[1] ?? 'other';
}

const MEDIA: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  csv: 'text/csv',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  zip: 'application/zip',
};

/** The media type of what an address ends in; null where it does not tell. */
export function mediaTypeOf(url: string): string | null {
  const ending = /\.([a-z0-9]{2,4})(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(MEDIA, ending) ? MEDIA[ending] : undefined) ?? null;
}
