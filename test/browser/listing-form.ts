/** fillListing: a listing in the form, valid but for what the title says. */
import type { SiteUser } from './site-user.ts'

export async function fillListing({ page, texts }: SiteUser, title: string): Promise<void> {
  const { form } = texts
  const fields = [
    [form.title, title],
    [form.description, 'Quiet and bright, with a view over the roofs of the old town.'],
    [form.city, 'Görlitz'],
    [form.district, 'Altstadt'],
    [form.postalCode, '02826'],
    [form.rentPrice, '780'],
    [form.rooms, '2.5'],
    [form.area, '64'],
  ] as const
  for (const [label, value] of fields) await page.getByLabel(label, { exact: true }).fill(value)
}
