"""Delays and quiet hours, told by walking through time minute by minute with zoneinfo.

Usage: time_oracle.py SEED COUNT FILE

Writes COUNT random cases of each kind to FILE, one a line, fields separated by tabs, the expected
answer last. Moments are milliseconds since 1970, "-" stands for none:

  delay  zone business-zone anchor weeks,days,hours,minutes at weekdays anchored  target
  end    zone start end weekdays moment                                            end-of-quiet
  held   zone start end weekdays from to                                           milliseconds
"""

import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = """America/New_York America/Los_Angeles America/Denver America/Phoenix America/St_Johns
America/Havana America/Santiago America/Sao_Paulo Europe/London Europe/Berlin Europe/Dublin
Atlantic/Azores Africa/Johannesburg Asia/Kolkata Asia/Kathmandu Asia/Jerusalem Asia/Tokyo
Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham
Pacific/Honolulu UTC""".split()
WEEKDAYS = "mon tue wed thu fri sat sun".split()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def utc(milliseconds):
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)


def milliseconds(moment):
    return (moment - utc(0)) // timedelta(milliseconds=1)


def wall(moment, zone):
    """What the wall clock shows, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def whole_minute(moment):
    return moment.replace(second=0, microsecond=0)


def moment_of(shown, zone):
    """The first moment at which the clock shows `shown`, or the first behind the gap that skips it."""
    minute = whole_minute(shown)
    moment = minute.replace(tzinfo=timezone.utc) - timedelta(hours=20)
    while wall(moment, zone) < minute:
        moment += timedelta(hours=1)
    moment -= timedelta(hours=3)
    while wall(moment, zone) < minute:
        moment += MINUTE
    return moment + (shown - minute) if wall(moment, zone) == minute else moment


def is_occurrence(moment, time, zone):
    """Whether `time` of some day falls to just this minute."""
    shown = wall(moment, zone)
    jumped = wall(moment - MINUTE, zone) + MINUTE != shown
    if not jumped and shown.time() != time:
        return False
    days = (shown.date() - DAY, shown.date())
    return any(moment_of(datetime.combine(day, time), zone) == moment for day in days)


def next_occurrence(time, earliest, zone):
    moment = whole_minute(earliest)
    if moment < earliest:
        moment += MINUTE
    while not is_occurrence(moment, time, zone):
        moment += MINUTE
    return moment


def delay_target(zone, business, anchor, amount, time, weekdays, anchored):
    if isinstance(anchor, datetime):
        moment, shown = anchor, wall(anchor, zone)
    else:
        zone = business if time is None else zone
        shown = datetime(anchor.year, anchor.month, anchor.day)
        moment = moment_of(shown, zone)
    weeks, days, hours, minutes = amount
    days += 7 * weeks
    elapsed = timedelta(hours=hours, minutes=minutes)
    if days:
        shown += timedelta(days=days)
        moment = moment_of(shown, zone)
    if elapsed:
        moment += elapsed
        shown = wall(moment, zone)
    if time is not None and (anchored or days) and not elapsed:
        shown = datetime.combine(shown.date(), time)
        moment = moment_of(shown, zone)
    elif time is not None:
        moment = next_occurrence(time, moment, zone)
        shown = datetime.combine(shown_day(moment, time, zone), time)
    while weekdays and WEEKDAYS[wall(moment, zone).weekday()] not in weekdays:
        shown += DAY
        moment = moment_of(shown, zone)
    return moment


def shown_day(moment, time, zone):
    """The day whose `time` falls to `moment`, which may be skipped and so lie behind it."""
    day = wall(moment, zone).date()
    return day if moment_of(datetime.combine(day, time), zone) == moment else day - DAY


def is_quiet(shown, start, end, weekdays):
    time, today = shown.time(), WEEKDAYS[shown.weekday()] in weekdays
    if start <= end:
        return today and start <= time < end
    yesterday = WEEKDAYS[(shown - DAY).weekday()] in weekdays
    return (today and start <= time) or (yesterday and time < end)


def end_of_quiet(zone, start, end, weekdays, moment):
    if not is_quiet(wall(moment, zone), start, end, weekdays):
        return None
    minute = whole_minute(moment)
    while is_quiet(wall(minute, zone), start, end, weekdays):
        minute += MINUTE
    return minute


def held(zone, start, end, weekdays, first, last):
    total, minute = timedelta(), whole_minute(first)
    while minute < last:
        if is_quiet(wall(minute, zone), start, end, weekdays):
            total += min(minute + MINUTE, last) - max(minute, first)
        minute += MINUTE
    return total // timedelta(milliseconds=1)


class Cases:
    """Random cases, more than half of them close to a switch of the clock."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.switches = {name: self.switches_of(ZoneInfo(name)) for name in ZONES}

    @staticmethod
    def switches_of(zone):
        days = [utc(0) + timedelta(days=day) for day in range(20_454, 24_106)]  # 2026 to 2035
        offsets = [day.astimezone(zone).utcoffset() for day in days]
        return [day for day, old, new in zip(days, offsets, offsets[1:]) if old != new]

    def zone(self):
        return self.random.choice(ZONES)

    def moment(self, name):
        if self.switches[name] and self.random.random() < 0.7:
            day = self.random.choice(self.switches[name])
            moment = day + timedelta(minutes=self.random.randrange(-48 * 60, 72 * 60))
        else:
            moment = utc(0) + timedelta(minutes=self.random.randrange(29_453_760, 34_711_200))
        if self.random.random() < 0.5:
            moment += timedelta(milliseconds=self.random.randrange(60_000))
        return moment

    def time(self):
        if self.random.random() < 0.5:  # where clocks are switched
            minutes = self.random.randrange(0, 4 * 60, 15)
        else:
            minutes = self.random.randrange(24 * 60)
        return (datetime.min + timedelta(minutes=minutes)).time()

    def weekdays(self):
        return self.random.sample(WEEKDAYS, self.random.randrange(1, 8))

    def maybe(self, probability, make, otherwise):
        return make() if self.random.random() < probability else otherwise

    def amount(self):
        signed = self.random.random() < 0.3
        pick = lambda limit: self.random.randrange(-limit if signed else 0, limit + 1)
        return tuple(self.maybe(p, lambda: pick(n), 0) for p, n in ((0.2, 4), (0.7, 5), (0.3, 30), (0.2, 90)))

    def delay(self):
        name, business = self.zone(), self.zone()
        moment = self.moment(name)
        anchor = self.maybe(0.25, lambda: wall(moment, ZoneInfo(name)).date(), moment)
        amount, anchored = self.amount(), self.random.random() < 0.4
        time = self.maybe(0.6, self.time, None)
        weekdays = self.maybe(0.4, self.weekdays, [])
        target = delay_target(
            ZoneInfo(name), ZoneInfo(business), anchor, amount, time, weekdays, anchored)
        is_date = not isinstance(anchor, datetime)
        return (
            "delay", name, business, anchor.isoformat() if is_date else milliseconds(anchor),
            ",".join(map(str, amount)), time.strftime("%H:%M") if time else "-",
            ",".join(weekdays) or "-", int(anchored), milliseconds(target))

    def hours(self):
        start, end = self.time(), self.time()
        if self.random.random() < 0.4:
            start, end = datetime(1, 1, 1, 20).time(), datetime(1, 1, 1, 9).time()
        weekdays = self.maybe(0.4, self.weekdays, WEEKDAYS)
        texts = (start.strftime("%H:%M"), end.strftime("%H:%M"), ",".join(weekdays))
        return (start, end, weekdays), texts

    def end(self):
        name = self.zone()
        hours, texts = self.hours()
        moment = self.moment(name)
        answer = end_of_quiet(ZoneInfo(name), *hours, moment)
        return ("end", name, *texts, milliseconds(moment), milliseconds(answer) if answer else "-")

    def held(self):
        name = self.zone()
        hours, texts = self.hours()
        first = self.moment(name)
        last = first + timedelta(milliseconds=self.random.randrange(3 * 86_400_000))
        span = held(ZoneInfo(name), *hours, first, last)
        return ("held", name, *texts, milliseconds(first), milliseconds(last), span)


def main():
    seed, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    cases = Cases(seed)
    with open(path, "w", encoding="ascii") as file:
        for number in range(count):
            kinds = [cases.delay, cases.end] + ([cases.held] if number % 5 == 0 else [])
            for kind in kinds:
                print(*kind(), sep="\t", file=file)


main()
