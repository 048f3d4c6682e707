using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mammo.Networks.Models;

/// <summary>What a class name of the field says about its films.</summary>
internal enum ClassMeaning
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>Without a finding.</summary>
    Normal,

    /// <summary>A finding that is no cancer.</summary>
    Benign,

    /// <summary>No cancer, with or without a finding.</summary>
    NotCancer,

    /// <summary>The negative class of whatever is asked.</summary>
    Negative,

    /// <summary>With a finding, cancer or not.</summary>
    Abnormal,

    /// <summary>Cancer.</summary>
    Cancer,

    /// <summary>The positive class of whatever is asked.</summary>
    Positive,
}

/// <summary>The vocabulary of the field: names of two-class data in the common languages.</summary>
internal static partial class ClassWords
{
    private static readonly FrozenDictionary<string, ClassMeaning> Words = Table(
        (ClassMeaning.Normal, "normal normals healthy nofinding nofindings noabnormality unremarkable gesund unauffallig sain sano sana sadio saudavel "
            + "normale normaal gezond prawidlowy normalny saglikli норма 正常"),
        (ClassMeaning.Benign, "benign benignwithoutcallback ben benignlesion gutartig benin benigne benigno benigna goedaardig iyihuylu lagodny "
            + "доброкачественный доброкачественная доброкачественное 良性"),
        (ClassMeaning.NotCancer, "noncancer notcancer nocancer cancerfree withoutcancer nonmalignant notmalignant nomalignancy keinkrebs keinkarzinom "
            + "sanscancer noncancereux sincancer nocanceroso semcancer geenkanker kanserdegil"),
        (ClassMeaning.Negative, "0 neg negative negatives negativ negatif negativo negativa negatief negatywny no false control controls kontrolle "
            + "отрицательный 阴性 陰性"),
        (ClassMeaning.Abnormal, "abnormal abnormality abnormals suspicious auffallig anormal anormale anomalo anomala abnormaal nieprawidlowy 异常 異常"),
        (ClassMeaning.Cancer, "cancer cancers malignant mal malign malignancy malignantlesion carcinoma bosartig krebs karzinom malin maligne maligno "
            + "maligna cancro kwaadaardig kanker kotuhuylu kanser zlosliwy rak злокачественный злокачественная злокачественное рак 恶性 悪性 癌 癌症"),
        (ClassMeaning.Positive, "1 pos positive positives positiv positif positivo positiva positief pozytywny pozitif yes true case cases "
            + "положительный 阳性 陽性"));

    /// <summary>What a name means; letter case, accents, blanks and signs between words do not count.</summary>
    public static ClassMeaning Meaning(string name)
    {
        // Of a number the sign and the point count: -1 is the negative class beside 1, and 1.0 is 1, but 10 is neither.
        if (double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number switch { 0 or -1 => ClassMeaning.Negative, 1 => ClassMeaning.Positive, _ => ClassMeaning.Unknown };
        var plain = Plain(name);
        if (BiRads().Match(plain) is { Success: true } match)
        {
            // 0 asks for more pictures and 3 is probably benign: the number decides neither (ACR BI-RADS Atlas, 5th edition).
            return match.Groups[1].Value[0] switch
            {
                '1' or '2' => ClassMeaning.NotCancer,
                '4' or '5' or '6' => ClassMeaning.Cancer,
                _ => ClassMeaning.Unknown,
            };
        }

        return Words.GetValueOrDefault(plain);
    }

    /// <summary>Whether a class is -1, which is the negative one beside 1 alone: beside 0 it may be an unknown class.</summary>
    public static bool IsMinusOne(string name) => IsNumber(name, -1);

    /// <summary>Whether a class is the number 0, however it is written.</summary>
    public static bool IsZero(string name) => IsNumber(name, 0);

    private static bool IsNumber(string name, double value) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == value;

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var part in name.Trim().Normalize(NormalizationForm.FormD))
        {
            var letter = char.ToLowerInvariant(part);
            if (char.IsLetterOrDigit(letter))
                plain.Append(letter switch { 'ı' => 'i', 'ł' => 'l', _ => letter });
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark && letter is not (' ' or '_' or '-' or '.' or '/'))
                plain.Append(letter);
        }

        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    private static FrozenDictionary<string, ClassMeaning> Table(params (ClassMeaning Meaning, string Words)[] lists) => lists
        .SelectMany(list => list.Words.Split(' ').Select(word => KeyValuePair.Create(Plain(word), list.Meaning)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    [GeneratedRegex("^birads([0-6])[abc]?$", RegexOptions.CultureInvariant)]
    private static partial Regex BiRads();
}
