using System.Collections;

namespace Mammo.PowerShell.Common;

/// <summary>Reads <c>-ClassMap @{ MALIGNANT = 'pos' }</c>.</summary>
internal static class ClassMaps
{
    /// <summary>Class of the model by class of the data; an empty text where there is none. Null without a map.</summary>
    public static Dictionary<string, string>? Of(Hashtable? map)
    {
        if (map is null)
            return null;
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry pair in map)
            read[$"{pair.Key}"] = $"{pair.Value}";
        return read;
    }
}
