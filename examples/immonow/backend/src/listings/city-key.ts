/** The spelling under which a city is searched: "MÜNCHEN", "München" and "Muenchen" are one. */

const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }

export const cityKey = (city: string): string =>
  city
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[äöüß]/g, letter => umlauts[letter] ?? letter)
    .replace(/\s+/g, ' ')
