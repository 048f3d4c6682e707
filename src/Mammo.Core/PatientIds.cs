using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Mammo;

/// <summary>
/// How patients are compared, everywhere: "P1" and "p1" are one patient, and so are 120, 120.0 and 00120, as spreadsheets and pandas write one number: taking
/// one for two leaks it into the test set.
/// </summary>
public static partial class PatientIds
{
    /// <summary>Equality and order of patient ids.</summary>
    public static StringComparer Comparer { get; } = new IdComparer();

    /// <summary>
    /// Sixteen hexadecimal digits of the id's SHA-256, equal for ids that are one patient: enough to find a patient again who is known, without a list of
    /// names.
    /// </summary>
    public static string Hash(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("patient " + Plain(id).ToUpperInvariant())), 0, 8).ToLowerInvariant();
    }

    /// <summary>The id as it is compared, but for the case of letters: trimmed, a whole number without leading zeros and decimals.</summary>
    private static string Plain(string id)
    {
        var trimmed = id.Trim();
        return NumberPattern().Match(trimmed) is { Success: true } match ? match.Groups["digits"].Value : trimmed;
    }

    [GeneratedRegex(@"^0*(?<digits>[0-9]+?)([.,]0+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();

    private sealed class IdComparer : StringComparer
    {
        public override int Compare(string? x, string? y) =>
            OrdinalIgnoreCase.Compare(x is null ? null : Plain(x), y is null ? null : Plain(y));

        public override bool Equals(string? x, string? y) => OrdinalIgnoreCase.Equals(x is null ? null : Plain(x), y is null ? null : Plain(y));

        public override int GetHashCode(string obj)
        {
            ArgumentNullException.ThrowIfNull(obj);
            return OrdinalIgnoreCase.GetHashCode(Plain(obj));
        }
    }
}
