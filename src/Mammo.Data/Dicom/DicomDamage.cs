namespace Mammo.Data.Dicom;

/// <summary>The error for a file that is damaged or of a kind that is not read.</summary>
internal static class DicomDamage
{
    /// <param name="reason">What is wrong, in words that follow "cannot be read:".</param>
    public static InvalidDataException Of(FormattableString reason) => new(FormattableString.Invariant(reason));
}
