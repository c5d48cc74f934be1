package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditAndEraseTest extends CommandTest {
    @BeforeEach
    void record() {
        rig.settled("claim-1", "u1");
        rig.settled("claim-2", "u2");
    }

    private String pem(String name, String label, Key key) throws IOException {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded()) + "\n-----END " + label + "-----\n";
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "EC", "RSA"})
    void a_run_is_taken_out_signed_and_checked(String algorithm) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        String own = pem("own.pem", "PRIVATE KEY", keys.getPrivate());
        String open = pem("open.pem", "PUBLIC KEY", keys.getPublic());
        String trail = directory.resolve("trail.jsonl").toString();

        assertThat(rig.run("audit", flights, "claim-1", "--to", trail, "--key", own))
                .isZero();
        assertThat(rig.out()).isEqualTo("11 events of run claim-1 are in " + trail + ", signed\n");
        assertThat(rig.run("verify-audit", trail, "--key", open)).isZero();
        assertThat(rig.out()).isEqualTo("11 events, 9 contents\nintact, and signed with this key\n");

        Files.writeString(Path.of(trail), Files.readString(Path.of(trail)).replace("900 euros", "909 euros"));
        assertThat(rig.run("verify-audit", trail, "--key", open)).isEqualTo(1);
        assertThat(rig.out())
                .contains("problem: run claim-1: it was changed after it was written")
                .contains(" was changed\n")
                .endsWith("\nnot intact\n");
    }

    @Test
    void a_trail_that_is_not_signed_says_so() {
        String trail = directory.resolve("trail.jsonl").toString();

        assertThat(rig.run("audit", flights, "claim-2", "--to", trail)).isZero();
        assertThat(rig.out()).endsWith(", not signed\n");
        assertThat(rig.run("verify-audit", trail)).isZero();
        assertThat(rig.out()).endsWith("intact; who has signed it was not asked, --key does\n");
    }

    @Test
    void what_is_for_the_user_to_put_right_is_said() throws Exception {
        String trail = directory.resolve("trail.jsonl").toString();
        rig.run("audit", flights, "claim-2", "--to", trail);
        complains(trail + " is there already; name another file", "audit", flights, "claim-2", "--to", trail);
        complains("there are 2 runs whose id begins with 'claim'", "audit", flights, "claim", "--to", trail);
        complains("there is no run whose id begins with 'x'", "audit", flights, "x", "--to", trail);
        complains(
                trail + " has no line '-----BEGIN PUBLIC KEY-----'; 'openssl pkey -pubout' writes such a key",
                "verify-audit",
                trail,
                "--key",
                trail);
        String dsa = pem(
                "dsa.pem",
                "PUBLIC KEY",
                KeyPairGenerator.getInstance("DSA").generateKeyPair().getPublic());
        complains(dsa + " is no key of Ed25519, EC, RSA", "verify-audit", trail, "--key", dsa);
        complains("say whose runs are to be erased: --attribute user=u1, or --run ID", "erase", flights);
        complains(
                "there is no run with the id 'claim-'; to erase takes the whole id, which list --full shows",
                "erase",
                flights,
                "--run",
                "claim-",
                "--run",
                "claim-1",
                "--yes");
    }

    private void complains(String message, String... args) {
        assertThat(rig.run(args)).isEqualTo(2);
        assertThat(rig.err()).isEqualTo("flights: " + message + "\n");
        assertThat(rig.out()).isEmpty();
    }

    @Test
    void runs_of_a_person_are_erased_when_the_user_is_sure() {
        rig.close();

        assertThat(rig.run("erase", flights, "--attribute", "user=u1")).isZero();
        assertThat(rig.out()).isEqualTo("1 run with 11 events, and the runs inside, would be erased; --yes does it\n");
        assertThat(rig.run("erase", flights, "--attribute", "user=u1", "--yes")).isZero();
        assertThat(rig.out()).isEqualTo("erased: 1 run with 11 events, and 1 content\n");
        assertThat(rig.run("list", flights, "--full")).isZero();
        assertThat(rig.out()).contains("claim-2").doesNotContain("claim-1");
        assertThat(rig.err())
                .startsWith("flights: events were lost or erased, as the recording says; all others are shown\n  ")
                .contains("11 events were erased on ")
                .hasLineCount(2);
        assertThat(rig.run("verify", flights)).isZero();
    }

    @Test
    void what_is_being_written_is_left_and_told() {
        assertThat(rig.run("erase", flights, "--run", "claim-1", "--yes")).isEqualTo(1);
        assertThat(rig.out())
                .startsWith("erased: 0 runs with 0 events, and 0 contents\nleft: ")
                .endsWith(" is being written; erase again when its recorder has ended\n");
    }
}
