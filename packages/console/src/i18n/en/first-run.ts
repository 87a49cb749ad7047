/** Words of this screen. */
export const firstRun = { title: 'First run' }
