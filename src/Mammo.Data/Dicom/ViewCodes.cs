using System.Collections.Immutable;

namespace Mammo.Data.Dicom;

/// <summary>
/// The view of a mammogram from View Code Sequence (PS3.16, CID 4014 and its modifiers, CID 4015, by SNOMED CT and by the older SNOMED codes) or, where that
/// is missing, from View Position, in which the modifiers are letters before and behind (PS3.16, the ACR's abbreviations).
/// </summary>
internal static class ViewCodes
{
    private static readonly Dictionary<string, MammoView> Views = new(StringComparer.OrdinalIgnoreCase)
    {
        ["399162004"] = MammoView.CC,
        ["R-10242"] = MammoView.CC,
        ["399368009"] = MammoView.MLO,
        ["R-10226"] = MammoView.MLO,
        ["399260004"] = MammoView.ML,
        ["R-10224"] = MammoView.ML,
        ["399352003"] = MammoView.LM,
        ["R-10228"] = MammoView.LM,
        ["399099002"] = MammoView.LMO,
        ["R-10230"] = MammoView.LMO,
        ["399196006"] = MammoView.FB,
        ["R-10244"] = MammoView.FB,
        ["399188001"] = MammoView.SIO,
        ["R-102D0"] = MammoView.SIO,
        ["441555000"] = MammoView.ISO,
        ["R-40AAA"] = MammoView.ISO,
        ["399192008"] = MammoView.XCCL,
        ["R-1024A"] = MammoView.XCCL,
        ["399101009"] = MammoView.XCCM,
        ["R-1024B"] = MammoView.XCCM,
        ["127457009"] = MammoView.Specimen,
        ["G-8310"] = MammoView.Specimen,
    };

    private static readonly Dictionary<string, string> Modifiers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["399163009"] = "M",
        ["R-102D6"] = "M",
        ["399055006"] = "S",
        ["R-102D7"] = "S",
        ["399209000"] = "ID",
        ["R-102D5"] = "ID",
        ["399197002"] = "RL",
        ["R-102D3"] = "RL",
        ["399226006"] = "RM",
        ["R-102D4"] = "RM",
        ["414493004"] = "RI",
        ["R-102CA"] = "RI",
        ["415670009"] = "RS",
        ["R-102C9"] = "RS",
        ["399161006"] = "CV",
        ["R-102D2"] = "CV",
        ["399011000"] = "AT",
        ["R-102D1"] = "AT",
        ["399110001"] = "TAN",
        ["R-102C2"] = "TAN",
        ["442581004"] = "NP",
        ["R-40AB3"] = "NP",
        ["441752004"] = "AC",
        ["P2-00161"] = "AC",
        ["442593008"] = "IMF",
        ["R-40ABE"] = "IMF",
        ["442580003"] = "AX",
        ["R-40AB2"] = "AX",
    };

    private static readonly Dictionary<string, MammoView> Names = Enum.GetValues<MammoView>().Where(view => view != MammoView.Other)
        .ToDictionary(view => view.ToString(), StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, MammoView> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CRANIOCAUDAL"] = MammoView.CC,
        ["MEDIOLATERALOBLIQUE"] = MammoView.MLO,
        ["MEDIOLATERAL"] = MammoView.ML,
        ["LATEROMEDIAL"] = MammoView.LM,
    };

    // Longer than any name with its side and modifiers.
    private const int LongestName = 20;

    private static readonly string[] Prefixes = ["M", "S"];
    private static readonly string[] Suffixes = ["ID", "RL", "RM", "RI", "RS", "NP", "AC", "IMF", "AX"];

    /// <summary>View and modifiers of an image; no view where nothing says it.</summary>
    public static (MammoView? View, ImmutableArray<string> Modifiers) Read(DicomDataSet image)
    {
        var code = image.Item(DicomTag.ViewCodeSequence);
        var value = code?.Code(DicomTag.CodeValue);
        var (named, letters) = image.Code(DicomTag.ViewPosition) is { } position ? OfName(position) : (null, []);
        if (code is not null && value is not null && (Views.ContainsKey(value) || named is null))
        {
            ImmutableArray<string> modifiers = [.. code.Items(DicomTag.ViewModifierCodeSequence).Select(item => item.Code(DicomTag.CodeValue))
                .Select(modifier => modifier is null ? null : Modifiers.GetValueOrDefault(modifier)).OfType<string>().Distinct()];
            return (WithModifiers(Views.GetValueOrDefault(value, MammoView.Other), modifiers), modifiers);
        }

        // CBIS-DDSM has the view where the directions of rows and columns belong.
        if (named is null && image.Codes(DicomTag.PatientOrientation) is [{ Length: > 1 } single] && OfName(single) is { View: not MammoView.Other } displaced)
            return displaced;
        return (named, letters);
    }

    /// <summary>
    /// The view that a name says: with or without the side in front, magnification and spot compression before it, other modifiers behind it.
    /// </summary>
    public static (MammoView? View, ImmutableArray<string> Modifiers) OfName(string name)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (letters.Length == 0)
            return (null, []);
        if (letters.Length > LongestName)
            return (MammoView.Other, []);
        return Parsed(letters) ?? (letters[0] is 'L' or 'R' ? Parsed(letters[1..]) : null) ?? (MammoView.Other, []);
    }

    private static (MammoView? View, ImmutableArray<string> Modifiers)? Parsed(string letters)
    {
        if (Names.TryGetValue(letters, out var whole) || LongNames.TryGetValue(letters, out whole))
            return (whole, []);
        foreach (var prefix in Prefixes)
        {
            if (letters.StartsWith(prefix, StringComparison.Ordinal) && Parsed(letters[prefix.Length..]) is { } rest)
                return (rest.View, rest.Modifiers.Insert(0, prefix));
        }

        foreach (var suffix in Suffixes)
        {
            if (letters.EndsWith(suffix, StringComparison.Ordinal) && Parsed(letters[..^suffix.Length]) is { } rest)
                return (rest.View, rest.Modifiers.Add(suffix));
        }

        return null;
    }

    // Cleavage, axillary tail and tangential views have names of their own, though their codes only modify another view's.
    private static MammoView WithModifiers(MammoView view, ImmutableArray<string> modifiers) =>
        modifiers.Contains("CV") ? MammoView.CV : modifiers.Contains("AT") ? MammoView.AT : modifiers.Contains("TAN") ? MammoView.TAN : view;
}
