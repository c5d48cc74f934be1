package io.fmware.examples.claims;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;

/** The agents of the desk that ask a model. Each answers a question from the context that is given to it, or with a tool. */
public final class Desk {

    private Desk() {}

    /** Sums up what has happened. */
    public interface Intake {
        @Agent(name = "intake", outputKey = "facts", description = "sums up what has happened")
        @UserMessage("""
                Question: What was damaged or stolen, and what does it cost in euros?

                Context:
                {{letter}}""")
        String sumUp(@V("letter") String letter);
    }

    /** Finds out what the policy covers. */
    public interface Cover {
        @Agent(name = "policy", outputKey = "cover", description = "finds out what the policy covers")
        @UserMessage("What is the cover when you look up policy number {{policy}}?")
        String check(@V("policy") String policy);
    }

    /** Finds out whether there is something suspicious. */
    public interface Fraud {
        @Agent(name = "fraud", outputKey = "history", description = "finds out what was claimed before")
        @UserMessage("How many past claims are there when you look up policy number {{policy}}?")
        String check(@V("policy") String policy);
    }

    /** Writes to the customer. */
    public interface Settlement {
        @Agent(name = "settlement", outputKey = "letterOut", description = "writes the decision to the customer")
        @UserMessage("""
                Question: What is the decision on the claim, and what do we pay?

                Context:
                {{remark}}

                {{facts}}

                {{cover}}

                {{history}}""")
        String write(
                @V("remark") String remark,
                @V("facts") String facts,
                @V("cover") String cover,
                @V("history") String history);
    }
}
