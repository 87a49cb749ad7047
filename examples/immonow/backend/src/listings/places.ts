/** Where the seeded listings are: German cities and districts with their postal codes and what homes cost there. */

export interface Place {
  readonly city: string
  /** Rent without heating, euros a square metre. */
  readonly rent: number
  /** Price to buy, euros a square metre. */
  readonly sale: number
  readonly districts: readonly (readonly [name: string, postalCode: string])[]
}

export const places: readonly Place[] = [
  {
    city: 'Berlin',
    rent: 16.2,
    sale: 5400,
    districts: [
      ['Prenzlauer Berg', '10405'],
      ['Kreuzberg', '10999'],
      ['Neukölln', '12043'],
      ['Charlottenburg', '10585'],
      ['Friedrichshain', '10245'],
      ['Wedding', '13347'],
      ['Steglitz', '12163'],
      ['Pankow', '13187'],
    ],
  },
  {
    city: 'Hamburg',
    rent: 15.4,
    sale: 5900,
    districts: [
      ['Eimsbüttel', '20255'],
      ['Winterhude', '22301'],
      ['Ottensen', '22765'],
      ['Barmbek-Nord', '22307'],
      ['Wandsbek', '22041'],
      ['Bergedorf', '21029'],
    ],
  },
  {
    city: 'München',
    rent: 21.8,
    sale: 8600,
    districts: [
      ['Schwabing', '80801'],
      ['Haidhausen', '81667'],
      ['Sendling', '81371'],
      ['Giesing', '81539'],
      ['Pasing', '81241'],
      ['Laim', '80686'],
    ],
  },
  {
    city: 'Köln',
    rent: 14.3,
    sale: 4700,
    districts: [
      ['Ehrenfeld', '50823'],
      ['Nippes', '50733'],
      ['Lindenthal', '50931'],
      ['Deutz', '50679'],
      ['Sülz', '50937'],
    ],
  },
  {
    city: 'Frankfurt am Main',
    rent: 16.9,
    sale: 6100,
    districts: [
      ['Bornheim', '60385'],
      ['Sachsenhausen', '60594'],
      ['Bockenheim', '60487'],
      ['Höchst', '65929'],
    ],
  },
  {
    city: 'Stuttgart',
    rent: 15.8,
    sale: 5200,
    districts: [
      ['Bad Cannstatt', '70372'],
      ['Vaihingen', '70563'],
      ['Degerloch', '70597'],
    ],
  },
  {
    city: 'Düsseldorf',
    rent: 14.1,
    sale: 5000,
    districts: [
      ['Pempelfort', '40479'],
      ['Bilk', '40223'],
      ['Oberkassel', '40545'],
      ['Gerresheim', '40625'],
    ],
  },
  {
    city: 'Leipzig',
    rent: 9.6,
    sale: 3000,
    districts: [
      ['Plagwitz', '04229'],
      ['Connewitz', '04277'],
      ['Gohlis', '04155'],
      ['Reudnitz', '04317'],
    ],
  },
  {
    city: 'Dresden',
    rent: 9.9,
    sale: 3200,
    districts: [
      ['Striesen', '01309'],
      ['Löbtau', '01159'],
      ['Pieschen', '01127'],
    ],
  },
  {
    city: 'Hannover',
    rent: 11.2,
    sale: 3600,
    districts: [
      ['Linden', '30449'],
      ['List', '30161'],
      ['Kleefeld', '30625'],
    ],
  },
  {
    city: 'Nürnberg',
    rent: 12.1,
    sale: 3900,
    districts: [
      ['Gostenhof', '90429'],
      ['St. Johannis', '90419'],
    ],
  },
  {
    city: 'Bremen',
    rent: 10.8,
    sale: 3100,
    districts: [
      ['Schwachhausen', '28209'],
      ['Findorff', '28215'],
      ['Vegesack', '28757'],
    ],
  },
  {
    city: 'Freiburg im Breisgau',
    rent: 15.1,
    sale: 5600,
    districts: [
      ['Wiehre', '79102'],
      ['Stühlinger', '79106'],
      ['Herdern', '79104'],
    ],
  },
  {
    city: 'Münster',
    rent: 13.2,
    sale: 4600,
    districts: [
      ['Kreuzviertel', '48149'],
      ['Hiltrup', '48165'],
    ],
  },
  {
    city: 'Karlsruhe',
    rent: 13.0,
    sale: 4000,
    districts: [
      ['Durlach', '76227'],
      ['Mühlburg', '76185'],
    ],
  },
  {
    city: 'Potsdam',
    rent: 13.6,
    sale: 4800,
    districts: [
      ['Babelsberg', '14482'],
      ['Nauener Vorstadt', '14469'],
    ],
  },
  {
    city: 'Rostock',
    rent: 10.2,
    sale: 3500,
    districts: [
      ['Warnemünde', '18119'],
      ['Kröpeliner-Tor-Vorstadt', '18057'],
    ],
  },
  {
    city: 'Bonn',
    rent: 13.1,
    sale: 4100,
    districts: [
      ['Poppelsdorf', '53115'],
      ['Beuel', '53225'],
      ['Endenich', '53121'],
    ],
  },
]
