// The deadline as a file for the reader's calendar (.ics): an all-day entry with a reminder a week before.
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import type { CalendarEntry } from '../../domain/notification/letter.ts';

const WEEK_IN_SECONDS = 7 * 24 * 60 * 60;

/**
 * An iCalendar file (METHOD:PUBLISH, CRLF) with one all-day event for each entry. The day is written as a plain date,
 * without a zone, so it is the same day everywhere; `now` becomes DTSTAMP, by which a later file replaces this one.
 */
export function calendarFile(entries: readonly CalendarEntry[], now: Temporal.Instant): string {
  const stamp = new Date(now.epochMilliseconds);
  const calendar = ical({
    prodId: { company: 'SIAGEP', product: 'Releve', language: 'FR' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const entry of entries) {
    const event = calendar.createEvent({
      // The package escapes texts, but writes a UID as it is.
      id: entry.uid.replace(/\p{Cc}+/gu, ' '),
      // The package writes an all-day Date by its UTC day, whatever the machine's zone.
      start: new Date(`${entry.on}T00:00:00Z`),
      allDay: true,
      stamp,
      summary: entry.summary,
      description: entry.description,
      // A deadline does not make anybody busy.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
    event.createAlarm({
      type: ICalAlarmType.display,
      trigger: WEEK_IN_SECONDS,
      description: entry.summary,
    });
  }
  return `${calendar.toString()}\r\n`;
}
