import type { TopicList } from '@sluice/guards'

/** The intents of three of CLINC150's ten domains, as its authors group them. */
export const domains: Readonly<Record<string, ReadonlySet<string>>> = {
  travel: new Set(
    (
      'plug_type travel_notification translate flight_status international_visa timezone exchange_rate travel_suggestion ' +
      'travel_alert vaccines lost_luggage book_flight book_hotel carry_on car_rental'
    ).split(' '),
  ),
  dining: new Set(
    (
      'recipe restaurant_reviews calories nutrition_info restaurant_suggestion ingredients_list ingredient_substitution ' +
      'cook_time food_last meal_suggestion restaurant_reservation confirm_reservation how_busy cancel_reservation accept_reservations'
    ).split(' '),
  ),
  driving: new Set(
    (
      'current_location oil_change_when oil_change_how uber traffic tire_pressure schedule_maintenance gas mpg distance ' +
      'directions last_maintenance gas_type tire_change jump_start'
    ).split(' '),
  ),
}

/** Lists as somebody writes them who knows what the topics are about, and none of the texts. */
export const lists: TopicList = {
  travel: [
    'travel*',
    'trip*',
    'flight*',
    'fly',
    'flying',
    'airport*',
    'airline*',
    'plane',
    'hotel*',
    'luggage',
    'baggage',
    'suitcase*',
    'carry on',
    'visa*',
    'passport*',
    'vaccin*',
    'shots',
    'rental car*',
    'rent a car',
    'car rental*',
    'vacation*',
    'tourist*',
    'time zone*',
    'timezone*',
    'exchange rate*',
    'translate',
    'plug',
    'outlet*',
    'socket*',
  ],
  dining: [
    'restaurant*',
    'recipe*',
    'ingredient*',
    'calorie*',
    'nutrition*',
    'cook*',
    'bake*',
    'baking',
    'boil*',
    'oven',
    'meal*',
    'food*',
    'eat',
    'dish*',
    'dinner',
    'lunch',
    'breakfast',
    'reservation*',
    'table for',
    'substitut*',
    'healthy',
  ],
  driving: [
    'car',
    'cars',
    'tire*',
    'oil',
    'gas',
    'gasoline',
    'fuel',
    'mpg',
    'miles per gallon',
    'battery',
    'jump start*',
    'mechanic*',
    'maintenance',
    'uber',
    'ride',
    'traffic',
    'drive',
    'driving',
    'direction*',
    'how far',
    'where am i',
    'location',
    'distance',
  ],
}
