// A Green Button feed on standard input; the sum of each MeterReading as JSON on standard output.
import { readFileSync } from 'node:fs'
import { atomToGreenButtonJson, helpers } from '@cityssm/green-button-parser'

const feed = await atomToGreenButtonJson(readFileSync(0, 'utf8'))
const sums = new Map()

for (const entry of helpers.getEntriesByContentType(feed, 'IntervalBlock')) {
  const reading = helpers.getMeterReadingEntryFromIntervalBlockEntry(feed, entry)
  const type = helpers.getReadingTypeEntryFromMeterReadingEntry(feed, reading).content.ReadingType
  const point = helpers.getUsagePointEntryFromEntry(feed, reading)
  const sum = sums.get(reading.links.selfUid) ?? {
    meter: point.links.selfUid,
    flow: type.flowDirection,
    unit: type.uom,
    multiplier: type.powerOfTenMultiplier,
    total: 0
  }
  for (const block of entry.content.IntervalBlock) {
    for (const one of [block.IntervalReading].flat()) sum.total += one.value
  }
  sums.set(reading.links.selfUid, sum)
}

process.stdout.write(JSON.stringify([...sums.values()]))
