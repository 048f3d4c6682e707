namespace Mammo;

/// <summary>How patients are compared, everywhere: "P1" and "p1" are one patient, since taking one for two leaks it into the test set.</summary>
public static class PatientIds
{
    /// <summary>Equality and order of patient ids.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;
}
