package io.fmware.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** English words of opposite meaning. Long because it is a list. */
final class Opposites {
    /** The first word of a line is opposed to each of the others. */
    private static final String LINES = """
            good bad evil poor terrible awful wicked
            great terrible awful bad
            better worse
            best worst
            right wrong incorrect left false
            correct wrong false mistaken
            true false wrong untrue
            truth lie falsehood
            fact fiction myth
            real fake imaginary false artificial
            genuine fake counterfeit
            natural artificial
            authentic fake
            easy hard difficult tough challenging tricky
            simple complex complicated hard difficult
            safe dangerous unsafe risky hazardous danger harmful
            secure vulnerable risky
            safety danger
            risk safety
            healthy sick ill unwell harmful
            well sick ill badly
            alive dead
            live die dead
            life death
            birth death
            born die
            same different other
            equal different
            identical different
            similar different
            alike different
            old new young modern recent
            ancient modern
            oldest newest youngest
            older newer younger
            early late
            earlier later
            earliest latest
            first last
            previous next
            former latter
            past future
            begin end finish stop
            beginning end ending
            start end stop finish
            open close shut closed
            opening closing
            unlock lock
            big small little tiny
            large small little
            huge tiny
            bigger smaller
            larger smaller
            biggest smallest
            largest smallest
            major minor
            long short brief
            longer shorter
            longest shortest
            tall short
            taller shorter
            tallest shortest
            high low
            higher lower
            highest lowest
            top bottom
            upper lower
            deep shallow
            wide narrow
            broad narrow
            thick thin
            fat thin slim skinny lean
            heavy light
            heavier lighter
            heaviest lightest
            strong weak
            stronger weaker
            strongest weakest
            hard soft easy
            harder easier softer
            hardest easiest
            rough smooth
            sharp blunt dull
            fine coarse
            fast slow
            faster slower
            fastest slowest
            quick slow
            quickly slowly
            rapid slow
            hot cold
            hotter colder cooler
            hottest coldest
            warm cool cold
            warmer cooler
            heat cool chill
            heating cooling
            wet dry
            damp dry
            full empty
            fill empty
            rich poor
            wealthy poor
            cheap expensive costly pricey
            cheaper dearer pricier
            cheapest dearest priciest
            free paid occupied busy
            clean dirty
            tidy messy
            bright dark dim dull dimmed
            light dark heavy
            black white
            clear cloudy vague unclear murky opaque
            transparent opaque
            sunny cloudy rainy
            happy sad miserable unhappy
            glad sad sorry
            cheerful gloomy
            joy sorrow
            love hate
            like dislike hate
            laugh cry
            smile frown
            kind cruel mean unkind
            nice nasty mean unpleasant
            friendly hostile
            friend enemy foe
            gentle harsh rough
            generous stingy mean
            polite rude impolite
            brave cowardly afraid
            bold timid shy
            confident shy timid insecure
            proud ashamed humble
            calm nervous anxious agitated
            relaxed tense stressed
            patient hasty
            lazy busy diligent
            clever stupid foolish
            smart stupid dumb
            intelligent stupid dumb
            wise foolish
            sane insane mad crazy
            sober drunk
            sensible foolish silly
            serious frivolous playful joking
            important trivial insignificant minor
            significant trivial minor insignificant
            relevant irrelevant
            useful useless
            valuable worthless
            necessary needless optional superfluous
            required optional forbidden
            mandatory optional voluntary
            compulsory optional voluntary
            essential optional
            legal criminal illicit
            guilty innocent
            guilt innocence
            fair foul biased
            just unjust
            honest lying crooked
            moral immoral
            sure unsure doubtful uncertain
            certain doubtful unsure
            obvious hidden
            normal abnormal strange weird odd paranormal
            ordinary extraordinary special
            usual strange rare unusual
            common rare
            familiar strange unfamiliar foreign
            frequent rare
            frequently rarely seldom
            often rarely seldom
            always never rarely
            general specific particular
            public private secret
            personal impersonal
            formal casual
            official private
            active passive inactive dormant idle
            awake asleep
            wake sleep
            conscious unconscious
            aware ignorant
            busy idle free
            present absent
            presence absence
            attend miss skip
            available taken unavailable
            visible hidden
            show hide
            reveal hide conceal
            hearing deaf
            sighted blind
            near far distant
            nearer farther further
            nearest farthest furthest
            close far distant
            local remote foreign global
            domestic foreign international
            national international
            internal external
            interior exterior
            inner outer
            inside outside
            indoor outdoor
            indoors outdoors
            in out
            into out
            on off
            up down
            upstairs downstairs
            above below under beneath
            over under below
            front back rear
            forward backward back
            forwards backwards
            ahead behind
            before after
            beforehand afterwards
            since until
            left right
            north south
            northern southern
            east west
            eastern western
            vertical horizontal
            clockwise anticlockwise counterclockwise
            more less fewer
            most least fewest
            maximum minimum
            max min
            maximise minimise
            maximize minimize
            many few
            much little
            majority minority
            plus minus
            positive negative
            add remove subtract delete
            adding removing
            addition subtraction removal
            multiply divide
            include exclude omit
            including excluding
            inclusive exclusive
            with without
            increase decrease reduce lower drop
            increasing decreasing
            rise fall drop
            rising falling
            raise lower reduce
            grow shrink
            expand shrink contract collapse
            extend shorten
            gain lose loss
            gaining losing
            profit loss
            win lose
            winner loser
            victory defeat
            succeed fail
            success failure
            pass fail
            accept reject refuse decline
            accepted rejected refused declined
            acceptance rejection
            approve reject deny disapprove
            approved rejected denied
            approval rejection
            grant deny revoke
            allow forbid prevent block ban prohibit disallow deny
            permit forbid prohibit ban
            allowed forbidden banned prohibited
            permitted forbidden prohibited
            agree disagree refuse
            confirm deny cancel
            admit deny
            support oppose
            for against
            pro con
            pros cons
            advantage disadvantage
            benefit drawback harm
            strength weakness
            encourage discourage
            help hinder harm
            helpful harmful
            protect attack harm expose
            defend attack
            save waste spend delete
            keep discard
            create destroy delete
            make break
            build destroy demolish
            repair break damage
            fix break
            enable disable
            enabled disabled
            activate deactivate
            activation deactivation
            turn-on turn-off
            connect disconnect
            connected disconnected
            attach detach
            link unlink
            install uninstall remove
            subscribe unsubscribe cancel
            subscription unsubscription
            follow unfollow lead
            mute unmute
            freeze unfreeze thaw
            block unblock
            login logout
            log-in log-out
            sign-in sign-out
            encrypt decrypt
            encryption decryption
            encode decode
            encoding decoding
            compress decompress
            pack unpack
            zip unzip
            upload download
            import export
            push pull
            send receive
            sender recipient receiver
            give take receive
            lend borrow
            buy sell
            buyer seller
            buying selling
            purchase sell
            deposit withdraw
            deposits withdrawals
            withdrawal deposit
            credit debit
            debtor creditor
            income expense
            incoming outgoing
            incomes expenses
            asset liability
            supply demand
            import export
            arrive depart leave
            arrival departure
            enter exit leave
            entrance exit
            entry exit
            inbound outbound
            come go
            appear vanish disappear
            attract repel
            ask answer
            question answer
            teacher student
            employer employee
            landlord tenant
            parent child
            mother father
            son daughter
            brother sister
            husband wife
            man woman
            boy girl
            male female
            king queen
            uncle aunt
            host guest
            client server
            doctor patient
            plaintiff defendant
            hire fire dismiss
            hired fired
            promote demote
            upgrade downgrade
            ascend descend
            ascending descending
            climb descend
            float sink
            inhale exhale
            freeze melt boil
            remember forget
            learn forget
            find lose
            found lost
            hit miss
            catch throw drop
            continue stop quit
            stay leave
            join leave quit split
            joined left
            unite divide separate
            combine separate split
            together apart alone
            married single divorced
            marry divorce
            single multiple double
            war peace
            peaceful violent
            violent gentle
            day night
            morning evening
            summer winter
            spring autumn
            sunrise sunset
            weekday weekend
            today yesterday tomorrow
            yesterday tomorrow
            liquid solid
            raw cooked
            fresh stale rotten
            sweet sour bitter
            ripe rotten
            tight loose
            tighten loosen
            strict lenient
            flexible rigid
            stable volatile
            permanent temporary
            constant variable changing
            fixed variable
            static dynamic
            synchronous asynchronous
            manual automatic
            manually automatically
            physical virtual digital
            analog digital
            analogue digital
            online offline
            absolute relative
            abstract concrete
            theoretical practical
            objective subjective
            optimistic pessimistic
            optimist pessimist
            literal figurative
            singular plural
            even odd
            mutable immutable final
            read write
            readable illegible
            odd even normal
            whole partial part
            complete partial incomplete
            total partial
            all none
            everyone nobody
            everything nothing
            everybody nobody
            something nothing
            someone nobody
            yes no
            deliberate accidental
            deliberately accidentally
            intentional accidental
            intentionally accidentally
            on-purpose accidentally
            purposely accidentally
            voluntary forced
            credible dubious
            innocent guilty
            sick healthy well
            comfortable painful
            painful painless
            proper improper
            tough tender easy
            mature childish
            adult child minor
            major minor underage
            senior junior
            ripe green
            loud quiet silent
            noisy quiet
            interesting boring dull
            interested bored
            exciting boring
            fun boring
            beautiful ugly
            pretty ugly
            attractive ugly
            handsome ugly
            popular hated
            famous obscure
            abundant scarce
            plenty scarce
            scared brave
            afraid brave
            hopeful desperate hopeless
            trust distrust doubt
            believe doubt
            respect despise disrespect
            praise criticize criticise blame
            reward punish
            reward punishment
            forgive blame
            obey disobey defy
            tame wild
            straight crooked bent curved
            flat steep hilly
            urban rural
            city countryside
            inferior superior
            better inferior
            master slave
            primary secondary
            original copy
            responsible irresponsible
            mild severe
            harmless harmful dangerous
            edible poisonous
            benign malignant
            acid alkaline
            acidic alkaline
            hyper hypo
            convex concave
            odd-numbered even-numbered
            breathing breathless
            """;

    private static final Map<String, Set<String>> OPPOSITES = new HashMap<>();

    static {
        LINES.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                oppose(words[0], words[i]);
            }
        });
    }

    /** Say that the rest of the word is not so. */
    private static final String[] PREFIXES = {"un", "in", "im", "il", "ir", "non", "dis", "de", "ab", "mis", "anti"};

    /** Say something else than that the rest is not so. */
    private static final Set<String> OTHERWISE = Words.set(
            "invaluable inflammable infamous discover discovers display displays income inform imprint import improve"
                    + " impress impart implant incite intend intent intense inside indeed increase industry institute"
                    + " unit until union disease discharge discount dispatch dispose distance demand deliver deposit"
                    + " depart depress design desire destroy detail detect devote define degree irate ill illness"
                    + " inward input index indent inset instead invent invest investor about above abuse missing mission"
                    + " mister misty impassive under unto uneasy");

    private static final int SHORTEST = 3;

    private Opposites() {}

    /** Whether two words, written out or by their lemmas, are opposed. */
    static boolean are(String first, String second) {
        return OPPOSITES.getOrDefault(first, Set.of()).contains(second)
                || isNegated(first, second)
                || isNegated(second, first)
                || isWithout(first, second)
                || isWithout(second, first);
    }

    private static boolean isNegated(String longer, String shorter) {
        if (shorter.length() < SHORTEST || longer.length() <= shorter.length() || !longer.endsWith(shorter)) {
            return false;
        }
        String prefix = longer.substring(0, longer.length() - shorter.length());
        return Arrays.asList(PREFIXES).contains(prefix) && !OTHERWISE.contains(longer);
    }

    /** Harmless and harmful, harmless and harm. */
    private static boolean isWithout(String less, String more) {
        if (!less.endsWith("less") || less.length() < SHORTEST + 4) {
            return false;
        }
        String stem = less.substring(0, less.length() - 4);
        return more.startsWith(stem) && (more.length() == stem.length() || more.equals(stem + "ful"));
    }

    private static void oppose(String first, String second) {
        for (String one : new String[] {first, Lemma.of(first)}) {
            for (String other : new String[] {second, Lemma.of(second)}) {
                OPPOSITES.computeIfAbsent(one, word -> new HashSet<>()).add(other);
                OPPOSITES.computeIfAbsent(other, word -> new HashSet<>()).add(one);
            }
        }
    }
}
