package io.fmware.cost;

import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever threads do with an account at once, it is as if they had done one after the other. */
@Tag("own-jvm")
public class AccountsInterleavingTest {
    @Test
    void operations_on_an_account_are_linearizable() {
        LinChecker.check(
                Single.class,
                new StressOptions()
                        .iterations(20)
                        .invocationsPerIteration(500)
                        .threads(3)
                        .actorsPerThread(3));
    }

    /** One reservation in one step, one settlement in another. */
    public static class Single {
        private final Accounts accounts = new Accounts(10, 1);

        @Operation
        public boolean take() {
            return accounts.reserve("a", false, 0, 3, 3).granted() != null;
        }

        @Operation
        public long left() {
            long[] read = accounts.read("a", false, 0);
            return 10 - read[0] - read[1];
        }

        @Operation
        public boolean other() {
            return accounts.reserve("b", false, 0, 6, 6).granted() != null;
        }
    }
}
