/** Writes the title and the description of a seeded listing, in German. */
import type { RandomSequence } from './random-sequence.ts'

export interface Home {
  readonly offer: 'rent' | 'sale'
  readonly kind: 'apartment' | 'house'
  readonly city: string
  readonly district: string
  readonly postalCode: string
  /** Euros: a month without heating, or once. */
  readonly price: number
  readonly rooms: number
  /** Square metres. */
  readonly area: number
  readonly yearBuilt: number
  readonly energyClass: string
  readonly availableFrom: string | null
}

export function describe(home: Home, random: RandomSequence): { title: string; description: string } {
  const text = home.kind === 'house' ? house(home, random) : apartment(home, random)
  const facts = `${home.area} m² Wohnfläche, ${german(home.rooms)} Zimmer, Baujahr ${home.yearBuilt}, Energieklasse ${home.energyClass}.`
  const closing =
    home.offer === 'rent'
      ? random.pick([
          'Die Kaution beträgt drei Nettokaltmieten, die Nebenkosten werden jährlich abgerechnet.',
          'Der Mietvertrag ist unbefristet. Haustiere nach Absprache.',
          'Bitte bringen Sie zur Besichtigung eine Selbstauskunft mit.',
        ])
      : random.pick([
          'Für Käufer fällt keine zusätzliche Provision an.',
          'Die Rücklagen sind gut gefüllt, größere Maßnahmen stehen nicht an.',
          'Der Energieausweis liegt zur Besichtigung vor.',
        ])
  return { title: text.title, description: [text.description, text.place, facts, closing].join('\n\n') }
}

interface Text {
  readonly title: string
  readonly description: string
  readonly place: string
}

const modernExtras = [
  ['mit Aufzug', 'Das Haus hat einen Aufzug, der vom Keller bis in jede Etage fährt.'],
  ['mit Stellplatz', 'Zur Wohnung gehört ein Stellplatz in der Tiefgarage, auf Wunsch mit Wallbox.'],
] as const

function apartment(home: Home, random: RandomSequence): Text {
  const old = home.yearBuilt < 1920
  const young = home.yearBuilt >= 2010
  const noun = old ? 'Altbauwohnung' : young ? 'Neubauwohnung' : 'Wohnung'
  const [extra, sentence] = random.pick([
    ...(old ? [] : modernExtras),
    ['mit Balkon', 'Der Balkon liegt zum ruhigen Innenhof und hat am Nachmittag Sonne.'],
    ['mit Südloggia', 'Die Loggia nach Süden ist breit genug für einen Tisch mit vier Stühlen.'],
    ['mit Einbauküche', 'Die Einbauküche mit Geschirrspüler und Induktionsfeld bleibt in der Wohnung.'],
    ['mit Wannenbad', 'Das Bad hat ein Fenster, eine Wanne und Platz für die Waschmaschine.'],
    ['mit Garten', 'Von der Terrasse geht es in einen eigenen Gartenanteil mit Apfelbaum.'],
  ] as const)
  const adjective = random.pick([
    'Helle',
    'Ruhige',
    'Gut geschnittene',
    'Freundliche',
    young ? 'Moderne' : 'Gepflegte',
  ])
  const start = old
    ? random.pick([
        'Hohe Decken, Stuck und aufgearbeitete Dielen prägen diese Wohnung aus der Gründerzeit.',
        'Die Wohnung liegt in einem gepflegten Gründerzeithaus; Flügeltüren und Kastenfenster sind erhalten.',
      ])
    : young
      ? random.pick([
          'Fußbodenheizung, bodentiefe Fenster und dreifache Verglasung sorgen für niedrige Heizkosten.',
          'Das Haus ist barrierearm gebaut, vom Eingang bis ins Bad ohne Schwelle.',
        ])
      : random.pick([
          'Die Wohnung wurde vor Kurzem renoviert, Böden und Bad sind neu.',
          'Ein klar geschnittener Grundriss ohne Durchgangszimmer, alle Räume gehen vom Flur ab.',
        ])
  return {
    title: `${adjective} ${german(home.rooms)}-Zimmer-${noun} ${extra} in ${home.district}`,
    description: `${start} ${sentence}`,
    place: random.pick([
      `${home.district} bietet kurze Wege: Bäcker, Supermarkt und Haltestelle erreichen Sie zu Fuß in fünf Minuten.`,
      `Die Straße ist verkehrsberuhigt, und trotzdem sind Sie in einer Viertelstunde in der Innenstadt von ${home.city}.`,
      `In ${home.district} liegen Wochenmarkt, Kita und Park gleich um die Ecke.`,
    ]),
  }
}

function house(home: Home, random: RandomSequence): Text {
  const [adjective, noun] = random.pick([
    ['Familienfreundliches', 'Reihenhaus'],
    ['Gepflegtes', 'Reihenendhaus'],
    ['Geräumige', 'Doppelhaushälfte'],
    ['Modernisierte', 'Doppelhaushälfte'],
    ['Freistehendes', 'Einfamilienhaus'],
    ['Großzügiges', 'Einfamilienhaus'],
  ] as const)
  const [extra, sentence] = random.pick([
    ['mit Südgarten', 'Der Garten ist nach Süden ausgerichtet, eingewachsen und von außen nicht einsehbar.'],
    ['mit Garage', 'Die Garage hat Strom und einen direkten Zugang zum Haus.'],
    ['mit Kamin', 'Der Kamin im Wohnzimmer wurde vor zwei Jahren abgenommen und heizt das Erdgeschoss mit.'],
    ['mit Photovoltaik', 'Die Photovoltaikanlage deckt über das Jahr gut die Hälfte des eigenen Verbrauchs.'],
    ['mit Vollkeller', 'Im trockenen Vollkeller ist Platz für Werkstatt, Vorräte und Fahrräder.'],
  ] as const)
  const start =
    home.yearBuilt >= 2000
      ? 'Das Haus ist solide gebaut und nach heutigem Standard gedämmt.'
      : random.pick([
          'Dach, Fenster und Heizung wurden in den vergangenen zehn Jahren erneuert.',
          'Das Haus wurde laufend gepflegt; wer Freude am Gestalten hat, findet hier noch Spielraum.',
        ])
  return {
    title: `${adjective} ${noun} ${extra} in ${home.district}, ${home.city}`,
    description: `${start} ${sentence}`,
    place: random.pick([
      'Grundschule und Kita sind zu Fuß erreichbar, die nächste Haltestelle liegt keine 400 Meter entfernt.',
      `Eine ruhige Anliegerstraße in ${home.district}, in der Kinder noch auf dem Gehweg Rad fahren.`,
    ]),
  }
}

const german = (rooms: number): string => String(rooms).replace('.', ',')
