namespace Mammo.Data.Datasets;

/// <summary>What is doubtful about the patients of a list.</summary>
internal static class PatientColumn
{
    // A patient has four films, and some have a second examination in part. Above this, one id for all is no id.
    private const int MostOfOnePatient = 8;

    private static readonly string[] Placeholders =
        ["removed", "anonymous", "anonymized", "anonymised", "anonym", "anon", "unknown", "none", "withheld", "redacted", "hidden", "deleted", "xxx"];

    /// <summary>Whether a text stands where an id was taken out of a list.</summary>
    public static bool IsPlaceholder(string patient) => Placeholders.Contains(patient.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is to be said of rows in which an id was taken out; null when there are none.</summary>
    /// <param name="rows">Numbers of rows with their ids as they are written.</param>
    /// <param name="owner">Whose rows they are, as the end of a sentence.</param>
    public static Finding? Removed(IEnumerable<(int Number, string? Patient)> rows, string owner)
    {
        var removed = rows.Where(row => row.Patient is { } patient && IsPlaceholder(patient)).ToArray();
        if (removed.Length == 0)
            return null;
        var numbers = FormattableString.Invariant(
            $"{removed.Length} rows ({string.Join(", ", removed.Take(5).Select(row => row.Number))}{(removed.Length > 5 ? ", ..." : "")})");
        return new Finding(
            ErrorIds.PatientMissing, $"{numbers} of {owner} have '{removed[0].Patient}' in place of a patient id; it is taken as missing.")
        {
            SuggestedFix = "Fill in the ids, which may be part of the files' names, or name another column (-Column @{ patient = '...' }).",
        };
    }

    /// <summary>Ids that are written in several ways, and one id that all images have.</summary>
    /// <param name="images">The images of a list.</param>
    /// <param name="owner">The list, as the end of a sentence.</param>
    public static IEnumerable<Finding> Examine(IReadOnlyCollection<MammoImage> images, string owner) => [.. Spellings(images), .. Constant(images, owner)];

    /// <summary>Ids that are written in several ways; each counts as one patient everywhere.</summary>
    public static IEnumerable<Finding> Spellings(IEnumerable<MammoImage> images)
    {
        foreach (var same in images.Select(image => image.Patient).OfType<string>().Distinct(StringComparer.Ordinal).GroupBy(id => id, PatientIds.Comparer))
        {
            string[] ways = [.. same.Order(StringComparer.Ordinal)];
            if (ways.Length > 1)
            {
                yield return new Finding(ErrorIds.PatientSpellings, $"The patient ids {string.Join(", ", ways)} are taken for one patient.")
                {
                    Patient = ways[0],
                    SuggestedFix = "If they are several patients, give them ids that differ in more than leading zeros, decimals or the case of letters.",
                };
            }
        }
    }

    private static IEnumerable<Finding> Constant(IReadOnlyCollection<MammoImage> images, string owner)
    {
        string[] ids = [.. images.Select(image => image.Patient).OfType<string>().Distinct(PatientIds.Comparer)];
        if (ids.Length == 1 && images.Select(image => image.Path).Distinct(StringComparer.Ordinal).Count() is > MostOfOnePatient and var count)
        {
            yield return new Finding(ErrorIds.PatientMissing, $"All {count} images of {owner} have one patient, '{ids[0]}', which looks like no id.")
            {
                Patient = ids[0],
                SuggestedFix = "Name the column of patient ids (-Column @{ patient = '...' }), or fill the ids in: splits and checks for "
                    + "leakage go by them.",
            };
        }
    }
}
