/** `1 min 22 s`, `3 h 5 min`, `12 s` */
export function durationOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `14:09`; with the day where that is another one than today. */
export function clockOf(when: number, now: number): string {
  const time = new Date(when).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  const isToday = new Date(when).toDateString() === new Date(now).toDateString();
  return isToday ? time : `${new Date(when).toLocaleDateString([], { month: 'short', day: 'numeric' })} ${time}`;
}

/** `14:09:31` */
export function secondOf(when: number): string {
  return Number.isNaN(when) ? '' : new Date(when).toLocaleTimeString([], { hour12: false });
}

/** `412 MB` */
export function bytesOf(bytes: number): string {
  const unit = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  for (; bytes >= 999.5 && at < unit.length - 1; at++) bytes /= 1000;
  return `${at === 0 ? bytes : Number(bytes.toPrecision(3))} ${unit[at]}`;
}
