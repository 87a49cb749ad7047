/** The 200 listings of a new database, the same ones every time. They belong to ImmoNow's own agency account. */
import type { Connection } from '../database/database.ts'
import { cityKey } from './city-key.ts'
import { describe, type Home } from './describe-home.ts'
import { places } from './places.ts'
import { randomSequence } from './random-sequence.ts'

/** Owner of the seeded listings. It has no password, so nobody can log in to it. */
export const agencyId = '00000000-0000-4000-8000-000000000001'

const count = 200
const firstDay = Date.UTC(2026, 8, 1, 8)

export function seedListings(connection: Connection): void {
  connection.run(
    `INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, 'agency', NULL, ?)`,
    agencyId,
    'vermittlung@immonow.example',
    'ImmoNow Vermittlung',
    firstDay,
  )
  const random = randomSequence(20_260_901)
  for (let index = 0; index < count; index++) {
    const home = drawHome(random)
    const { title, description } = describe(home, random)
    const createdAt = firstDay + index * 6 * 3_600_000 + random.integer(0, 300) * 60_000
    connection.run(
      `INSERT INTO listings (owner_id, offer, kind, title, description, city, city_key, district, postal_code,
         price, rooms, area, year_built, energy_class, available_from, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      agencyId,
      home.offer,
      home.kind,
      title,
      description,
      home.city,
      cityKey(home.city),
      home.district,
      home.postalCode,
      home.price,
      home.rooms,
      home.area,
      home.yearBuilt,
      home.energyClass,
      home.availableFrom,
      createdAt,
      createdAt,
    )
  }
}

type Random = ReturnType<typeof randomSequence>

function drawHome(random: Random): Home {
  // The big cities come first in the list and have more on offer.
  const place = random.pick(places.slice(0, random.chance(0.55) ? 7 : places.length))
  const [district, postalCode] = random.pick(place.districts)
  const kind = random.chance(0.22) ? 'house' : 'apartment'
  const offer = random.chance(kind === 'house' ? 0.25 : 0.65) ? 'rent' : 'sale'
  const rooms =
    kind === 'house'
      ? random.pick([4, 4.5, 5, 5, 6, 7])
      : random.pick([1, 1.5, 2, 2, 2, 2.5, 3, 3, 3, 3.5, 4, 5])
  const area =
    kind === 'house'
      ? Math.round(45 + rooms * random.integer(19, 26))
      : Math.round(14 + rooms * random.integer(18, 24))
  const yearBuilt = drawYear(random, kind)
  const age = yearBuilt >= 2010 ? 1.18 : yearBuilt < 1920 ? 1.06 : yearBuilt < 1980 ? 0.88 : 0.97
  const small = area < 45 ? 1.14 : area > 130 ? 0.93 : 1
  const factor = age * small * (0.92 + random.integer(0, 16) / 100)
  const price =
    offer === 'rent'
      ? Math.round((area * place.rent * factor) / 5) * 5
      : Math.round((area * place.sale * factor) / 1000) * 1000
  return {
    offer,
    kind,
    city: place.city,
    district,
    postalCode,
    price,
    rooms,
    area,
    yearBuilt,
    energyClass: drawEnergyClass(random, yearBuilt),
    availableFrom: random.chance(0.3)
      ? null
      : random.pick(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']),
  }
}

function drawYear(random: Random, kind: Home['kind']): number {
  if (kind === 'house') return random.pick([1928, 1936, 1958, 1967, 1974, 1983, 1992, 1999, 2006, 2014, 2021])
  return random.chance(0.35)
    ? random.integer(1888, 1914)
    : random.pick([1929, 1955, 1962, 1971, 1978, 1986, 1995, 2003, 2012, 2018, 2022, 2024])
}

function drawEnergyClass(random: Random, yearBuilt: number): string {
  if (yearBuilt >= 2010) return random.pick(['A+', 'A', 'A', 'B'])
  if (yearBuilt >= 1990) return random.pick(['B', 'C', 'C', 'D'])
  if (yearBuilt >= 1950) return random.pick(['D', 'E', 'E', 'F'])
  return random.pick(['D', 'E', 'F', 'F', 'G'])
}
