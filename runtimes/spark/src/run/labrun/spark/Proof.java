package run.labrun.spark;

/** Loads the classes it is told, for the installer's proof that they come out of the class archive. */
public final class Proof {
    private Proof() {}

    public static void main(String[] names) throws ClassNotFoundException {
        for (String name : names) {
            Class.forName(name, false, Proof.class.getClassLoader());
        }
    }
}
