package io.fmware.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** English words that ask for the same, whichever of them is used. Few, since a wrong one lets a wrong answer through. */
final class Synonyms {
    private static final String LINES = """
            get obtain receive acquire
            receive arrive come
            buy purchase
            begin start commence
            end finish
            stop halt quit
            fix repair resolve solve correct
            wrong incorrect
            correct right accurate
            difficult hard tough
            easy simple straightforward
            big large
            small little
            fast quick rapid
            quickly fast rapidly
            choose select pick
            choice selection
            allow permit let enable
            allowed permitted
            use utilize utilise employ
            usage use
            make create build construct
            create generate produce make
            creation generation
            make cause
            change modify alter edit
            change update
            delete remove erase
            include contain comprise
            required mandatory necessary needed compulsory
            require need
            show display
            view see
            see find
            look search
            search find
            find locate discover
            explain describe
            describe outline
            description explanation
            mean signify
            error fault mistake
            problem issue trouble difficulty
            bug defect
            help assist aid
            helpful useful
            help support
            assistance help
            answer reply respond response
            question query
            ask request
            request ask
            inquire ask
            cost price
            cost fee charge
            expense cost
            expensive costly pricey
            cheap inexpensive
            job work
            work function
            company firm business
            car automobile
            film movie
            picture image photo
            kid child
            mother mom mum
            father dad
            begin initiate
            launch start
            purpose aim goal objective
            reason cause
            method way approach technique
            procedure process
            function method
            kind type
            type sort
            part portion
            section part
            list enumerate
            group set
            collection set
            various different several
            numerous many
            multiple several many
            important crucial vital essential
            main primary principal
            mainly primarily
            usually typically commonly
            often frequently
            rapidly quickly
            also additionally
            additional extra further
            entire whole
            complete finish
            full complete
            total overall
            happen occur
            take receive
            provide supply offer give
            supply give
            give offer
            send transmit
            ship send
            move transfer
            transfer send
            keep retain
            retain maintain
            hold keep
            save store
            save keep
            decide determine
            determine specify
            determine establish
            indicate specify
            specify define
            specify state
            verify check confirm
            validate verify
            check examine
            examine inspect
            test check
            try attempt
            want wish desire
            like enjoy
            expect anticipate
            think believe
            believe suppose
            understand comprehend
            know understand
            learn study
            teach instruct
            talk speak
            say state
            mention state
            mention say
            phone telephone
            mobile cellphone
            cell mobile
            phone mobile
            email mail
            site website
            webpage page
            web internet
            app application
            pc computer
            folder directory
            repository repo
            documentation docs
            doc document
            info information
            config configuration
            parameter argument
            param parameter
            method function
            string text
            picture photo
            pic picture
            equal same
            similar alike
            glad happy
            sad unhappy
            angry mad
            scared afraid
            intelligent smart clever
            stupid dumb
            beautiful pretty
            ill sick
            dead deceased
            rich wealthy
            near close
            shut close closed
            shut closed
            near nearby
            far distant
            shortly soon
            approximately roughly
            nearly almost
            almost roughly
            precisely exactly
            completely entirely fully
            currently presently
            previously earlier
            previously formerly
            currently now
            cutting-edge state-of-the-art
            popular well-known
            famous well-known
            renowned famous
            trip journey
            holiday vacation
            flat apartment
            autumn fall
            lorry truck
            petrol gas
            lift elevator
            shop store
            colour color
            favourite favorite
            centre center
            licence license
            cheque check
            programme program
            organise organize
            organisation organization
            behaviour behavior
            cancelled canceled
            analyse analyze
            optimise optimize
            optimisation optimization
            customise customize
            customisation customization
            recognise recognize
            initialise initialize
            serialise serialize
            authorise authorize
            authorisation authorization
            normalise normalize
            summarise summarize
            catalogue catalog
            grey gray
            theatre theater
            harbour harbor
            neighbour neighbor
            honour honor
            labour labor
            flavour flavor
            traveller traveler
            jewellery jewelry
            aluminium aluminum
            tyre tire
            defence defense
            offence offense
            dialogue dialog
            maths math
            illness disease sickness
            doctor physician
            medicine medication
            attorney lawyer
            salary wage
            pay payment
            bill invoice
            refund reimbursement
            refund reimburse
            goods merchandise
            item product
            customer client
            staff personnel
            employee worker
            boss manager
            begin originate
            ideal perfect
            danger peril
            dangerous hazardous
            safe secure
            safely securely
            false untrue
            possible feasible
            probably likely
            possibly maybe
            whole entire
            wage salary
            assert claim
            reduce decrease lessen lower
            increase raise boost
            enhance improve
            improve better
            simplify ease
            speed accelerate
            transform convert
            convert translate
            convert change
            join merge
            merge combine
            concatenate join
            divide split
            separate split
            share distribute
            spread distribute
            execute run
            run perform
            perform carry
            conduct perform
            invoke call
            fetch retrieve
            retrieve get
            write compose
            construct build
            implement build
            develop build
            develop create
            design create
            establish create
            set define
            set configure
            setup configure
            configure adjust
            assign set
            assign give
            pass give
            replace substitute
            swap exchange
            trade exchange
            lost missing
            misplace lose
            steal rob
            enroll register
            register signup
            sure certain
            suggest recommend advise
            mention reference
            given provided
            provide give
            detail explain
            detail information
            detail info
            distinction difference
            deny decline reject refuse
            money fund cash
            support back
            pull fetch
            permission authorization authorisation
            login signin
            nation country
            town city
            street road
            inhabitant resident
            tall high
            weigh weight
            height tall
            price charge
            delivery shipping
            deliver ship
            package parcel
            discount rebate
            coupon voucher
            reservation booking
            reserve book
            luggage baggage
            hotel lodging
            """;

    private static final Map<String, Set<String>> SYNONYMS = new HashMap<>();

    static {
        LINES.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (String one : words) {
                for (String other : words) {
                    SYNONYMS.computeIfAbsent(Lemma.of(one), word -> new HashSet<>())
                            .add(Lemma.of(other));
                }
            }
        });
    }

    private Synonyms() {}

    static boolean are(String first, String second) {
        return SYNONYMS.getOrDefault(first, Set.of()).contains(second);
    }
}
