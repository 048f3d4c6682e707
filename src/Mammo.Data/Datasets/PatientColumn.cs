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
