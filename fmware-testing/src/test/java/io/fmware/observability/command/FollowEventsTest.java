package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FollowEventsTest extends CommandTest {
    private void meanwhile() {
        rig.meanwhile.add(() -> rig.failed("claim-2", "u2", new IllegalStateException("no policy")));
        rig.meanwhile.add(() -> {});
        rig.meanwhile.add(() -> rig.settled("claim-3", "u3"));
    }

    @Test
    void events_are_shown_as_they_come_and_not_those_of_before() {
        rig.settled("claim-1", "u1");
        meanwhile();

        assertThat(rig.run("follow", flights, "--type", "run")).isZero();

        assertThat(rig.out()).isEqualTo("""
                        2026-01-01 01:00:00.500  claim-2  run.started  claim name=claim attributes.user=u2
                        2026-01-01 01:00:00.530  claim-2  run.ended  claim open=0 error=java.lang.IllegalStateException message=<9 B>
                        2026-01-01 01:00:00.530  claim-3  run.started  claim name=claim attributes.user=u3
                        2026-01-01 01:00:01.030  claim-3  run.ended  claim open=0
                        """);
    }

    @Test
    void events_of_before_come_first_where_that_is_asked_for() {
        rig.settled("claim-1", "u1");
        meanwhile();

        rig.run("follow", flights, "--from-start", "--type", "run.started");

        assertThat(rig.out().lines().map(line -> line.substring(25, 32)))
                .containsExactly("claim-1", "claim-2", "claim-3");
    }

    @Test
    void failures_alone_or_one_run_are_followed() {
        meanwhile();
        rig.run("follow", flights, "--failed");
        assertThat(rig.out()).isEqualTo("""
                        2026-01-01 01:00:00.030  claim-2  tool.returned  claim/settlement#1/tool:lookUpCover#1 tool=lookUpCover id=call-1 error=java.lang.IllegalStateException message=<9 B>
                        2026-01-01 01:00:00.030  claim-2  run.ended  claim open=0 error=java.lang.IllegalStateException message=<9 B>
                        """);

        rig.meanwhile.add(() -> rig.settled("claim-4", "u4"));
        rig.meanwhile.add(() -> rig.settled("claim-5", "u5"));
        rig.run("follow", flights, "--run", "claim-5", "--type", "plan");
        assertThat(rig.out().lines()).hasSize(1).allMatch(line -> line.contains("  claim-5  plan  "));
    }
}
