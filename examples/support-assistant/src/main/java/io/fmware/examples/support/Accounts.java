package io.fmware.examples.support;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The bank's ledger, as far as the demonstration needs one, and the tool that reads it. Immutable. */
final class Accounts {
    static final String TOOL = "account_lookup";

    /** How an account id looks. */
    static final Pattern ID = Pattern.compile("(?i)\\bHB-\\d{4}\\b");

    private static final Map<String, String> LEDGER = Map.of("HB-1001", """
            Account HB-1001 has a balance of €1,240.50.
            The status of account HB-1001 is open.
            The last transaction of account HB-1001 was a card payment of €23.90 to Corner Bakery on 2026-11-19.""", "HB-1002", """
            Account HB-1002 has a balance of €-80.00.
            The status of account HB-1002 is overdrawn.
            The last transaction of account HB-1002 was a direct debit of €95.00 to City Power on 2026-11-17.""", "HB-1003", """
            Account HB-1003 has a balance of €0.00.
            The status of account HB-1003 is frozen, because its card was reported lost.
            The last transaction of account HB-1003 was a transfer of €310.00 to Anna Meyer on 2026-10-30.""");

    /** What the ledger says about an account. */
    @Tool(name = TOOL, value = "Looks up an account: its balance, its status and its last transaction")
    String lookup(@P("the account id, such as HB-1001") String accountId) {
        String id = accountId.strip().toUpperCase(Locale.ROOT);
        return LEDGER.getOrDefault(id, "There is no account with the id " + id + ".");
    }
}
