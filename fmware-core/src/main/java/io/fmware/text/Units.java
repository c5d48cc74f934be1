package io.fmware.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Units and currencies, and how they are spelled. Case counts where another one is another unit. */
final class Units {
    /** Written thus they are these units, and no others. */
    private static final Set<String> KEPT =
            Words.set("mW mWh mHz mPa mV mA mJ mN mS mM Mm Mg Kb Mb Gb Tb KBps kBps MBps GBps pA");

    /** So are these behind a number; elsewhere they may be names or shouted words. */
    private static final Set<String> KEPT_OF_NUMBERS = Words.set("MW MWh MV MJ MN ML MM MT Mt M G T");

    private static final Map<String, String> CANONICAL = new HashMap<>();

    static {
        """
        kilometre km kms kilometer kilometers kilometres kilom\u00e8tres kil\u00f3metros
        metre m meter meters metres m\u00e8tres metros
        centimetre cm centimeter centimeters centimetres
        millimetre mm millimeter millimeters millimetres
        mile mi mile miles
        foot ft foot feet
        inch in inch inches
        yard yd yard yards
        kilogram kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
        gram g gram grams gramme grammes
        milligram mg milligram milligrams
        tonne t tonne tonnes ton tons
        pound lb lbs
        ounce oz ounce ounces
        litre l liter liters litre litres
        millilitre ml milliliter milliliters millilitre millilitres
        gallon gal gallon gallons
        second s sec secs seconds sekunden secondes segundos
        millisecond ms millisecond milliseconds
        minute min mins minute minutes minuten minutos
        hour h hr hrs hour hours stunde stunden heures horas
        day d day days tag tage tagen jour jours d\u00eda d\u00edas
        week wk wks week weeks woche wochen semaine semaines semana semanas
        month mo month months monat monate mois mes meses
        year y yr yrs year years jahr jahre jahren ans ann\u00e9es a\u00f1o a\u00f1os
        quarter quarter quarters
        decade decade decades
        century century centuries
        percent % percent pct prozent
        permille \u2030 permille promille
        degree \u00b0 degree degrees
        celsius c \u00b0c celsius centigrade
        fahrenheit f \u00b0f fahrenheit
        kelvin kelvin kelvins
        byte b byte bytes
        kilobyte kb kilobyte kilobytes
        megabyte mb megabyte megabytes
        gigabyte gb gigabyte gigabytes
        terabyte tb terabyte terabytes
        bit bit bits
        kilobit Kb kilobit kilobits
        megabit Mb megabit megabits
        gigabit Gb gigabit gigabits
        terabit Tb terabit terabits
        milliwatt mW milliwatt milliwatts
        megawatt MW megawatt megawatts
        gigawatt gw gigawatt gigawatts
        kilowatthour kwh
        megawatthour MWh
        megalitre ML megalitre megalitres
        megahertz mhz megahertz
        gigahertz ghz gigahertz
        watt w watt watts
        kilowatt kw kilowatt kilowatts
        volt v volt volts
        hertz hz hertz
        calorie cal kcal calorie calories
        mph mph
        kmh kmh kph
        dollar $ usd dollar dollars bucks
        euro \u20ac eur euro euros
        sterling \u00a3 gbp pounds pound quid
        yen \u00a5 jpy yen
        franc chf franc francs franken
        rupee \u20b9 inr rupee rupees
        rouble \u20bd rub rouble roubles ruble rubles
        yuan cny rmb yuan
        won \u20a9 krw won
        cent cent cents
        am am a.m
        pm pm p.m
        """.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                CANONICAL.put(words[i], words[0]);
            }
        });
        KEPT.forEach(each -> CANONICAL.putIfAbsent(each, each));
        KEPT_OF_NUMBERS.forEach(each -> CANONICAL.putIfAbsent(each, each));
    }

    /** Long enough to be a unit without a number before it. */
    private static final int SPELLED = 2;

    private Units() {}

    /** A word in lower case, unless it is a unit that would be another one then. */
    static String norm(String written, boolean behindNumber) {
        return KEPT.contains(written) || (behindNumber && KEPT_OF_NUMBERS.contains(written))
                ? written
                : written.toLowerCase(Locale.ROOT);
    }

    /** The unit behind a number, or nothing. */
    static String after(String word) {
        return CANONICAL.getOrDefault(word, "");
    }

    /** The unit without a number, or nothing: letters such as those of "in" and "am" mean other things. */
    static String alone(String word) {
        return (word.length() <= SPELLED && !word.equals("km") && !word.equals("kg") && !word.equals("gb"))
                        || word.equals("won")
                        || word.equals("min")
                        || word.equals("second")
                        || word.equals("mes")
                        || word.equals("ans")
                        || word.equals("tag")
                ? ""
                : after(word);
    }
}
