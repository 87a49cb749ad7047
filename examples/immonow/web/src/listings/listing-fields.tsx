/** ListingFields: the fields of a listing, in three groups. */
import type { ChangeEvent, ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../forms/field.tsx'
import type { FieldErrorKey } from '../forms/wrong-fields.ts'
import type { ListingField, ListingFormValues } from './listing-form-values.ts'
import { energyClasses } from './listing.ts'

interface ListingFieldsProps {
  readonly values: ListingFormValues
  readonly change: (field: ListingField, text: string) => void
  readonly errorOf: (field: ListingField) => FieldErrorKey | undefined
}

interface FieldsOfGroup extends ListingFieldsProps {
  /** What ties a control to its value. */
  readonly bind: (field: ListingField) => {
    readonly value: string
    readonly onChange: (
      event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>,
    ) => void
  }
}

export function ListingFields(props: ListingFieldsProps): ReactElement {
  const { t } = useTranslation()
  const bind: FieldsOfGroup['bind'] = field => ({
    value: props.values[field],
    onChange: event => props.change(field, event.target.value),
  })
  return (
    <>
      <fieldset>
        <legend>{t('form.what')}</legend>
        <What {...props} bind={bind} />
      </fieldset>
      <fieldset>
        <legend>{t('form.where')}</legend>
        <Where {...props} bind={bind} />
      </fieldset>
      <fieldset>
        <legend>{t('form.details')}</legend>
        <Details {...props} bind={bind} />
      </fieldset>
    </>
  )
}

function What({ bind, errorOf }: FieldsOfGroup): ReactElement {
  const { t } = useTranslation()
  return (
    <>
      <div className="field-row">
        <Field name="offer" label={t('form.offer')} error={errorOf('offer')}>
          {control => (
            <select {...control} {...bind('offer')} required>
              <option value="rent">{t('listing.rent')}</option>
              <option value="sale">{t('listing.sale')}</option>
            </select>
          )}
        </Field>
        <Field name="kind" label={t('form.kind')} error={errorOf('kind')}>
          {control => (
            <select {...control} {...bind('kind')} required>
              <option value="apartment">{t('listing.apartment')}</option>
              <option value="house">{t('listing.house')}</option>
            </select>
          )}
        </Field>
      </div>
      <Field name="title" label={t('form.title')} hint={t('form.titleHint')} error={errorOf('title')}>
        {control => <input {...control} {...bind('title')} autoComplete="off" required />}
      </Field>
      <Field
        name="description"
        label={t('form.description')}
        hint={t('form.descriptionHint')}
        error={errorOf('description')}
      >
        {control => <textarea {...control} {...bind('description')} rows={8} required />}
      </Field>
    </>
  )
}

function Where({ bind, errorOf }: FieldsOfGroup): ReactElement {
  const { t } = useTranslation()
  return (
    <div className="field-row">
      <Field name="city" label={t('form.city')} error={errorOf('city')}>
        {control => <input {...control} {...bind('city')} autoComplete="off" required />}
      </Field>
      <Field name="district" label={t('form.district')} error={errorOf('district')}>
        {control => <input {...control} {...bind('district')} autoComplete="off" required />}
      </Field>
      <Field name="postalCode" label={t('form.postalCode')} error={errorOf('postalCode')}>
        {control => (
          <input {...control} {...bind('postalCode')} inputMode="numeric" autoComplete="off" required />
        )}
      </Field>
    </div>
  )
}

function Details({ values, bind, errorOf }: FieldsOfGroup): ReactElement {
  const { t } = useTranslation()
  const number = { inputMode: 'decimal', autoComplete: 'off' } as const
  return (
    <>
      <div className="field-row">
        <Field
          name="price"
          label={values.offer === 'sale' ? t('form.salePrice') : t('form.rentPrice')}
          error={errorOf('price')}
        >
          {control => <input {...control} {...bind('price')} {...number} required />}
        </Field>
        <Field name="rooms" label={t('form.rooms')} hint={t('form.roomsHint')} error={errorOf('rooms')}>
          {control => <input {...control} {...bind('rooms')} {...number} required />}
        </Field>
        <Field name="area" label={t('form.area')} error={errorOf('area')}>
          {control => <input {...control} {...bind('area')} {...number} required />}
        </Field>
      </div>
      <div className="field-row">
        <Field name="yearBuilt" label={t('form.yearBuilt')} error={errorOf('yearBuilt')} isOptional>
          {control => <input {...control} {...bind('yearBuilt')} {...number} />}
        </Field>
        <Field name="energyClass" label={t('form.energyClass')} error={errorOf('energyClass')} isOptional>
          {control => (
            <select {...control} {...bind('energyClass')}>
              <option value="">{t('form.noEnergyClass')}</option>
              {energyClasses.map(each => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Field
          name="availableFrom"
          label={t('form.availableFrom')}
          error={errorOf('availableFrom')}
          isOptional
        >
          {control => <input {...control} {...bind('availableFrom')} type="date" />}
        </Field>
      </div>
    </>
  )
}
