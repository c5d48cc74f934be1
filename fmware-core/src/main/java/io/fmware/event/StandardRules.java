package io.fmware.event;

import java.util.ArrayList;
import java.util.List;

/** The rules of {@link Redactor#standard()}; where they overlap, the first names the kind. */
final class StandardRules {
    private StandardRules() {}

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>(VendorRules.all());
        rules.addAll(CredentialRules.all());
        rules.addAll(PersonalRules.all());
        return rules;
    }
}
