using System.Globalization;

namespace Mammo.Data.Dicom;

/// <summary>Kinds of <see cref="DicomVoi"/>.</summary>
public enum DicomVoiKind
{
    /// <summary>The file's lookup table, else its first window, else the whole range of values.</summary>
    Auto,

    /// <summary>The file's first lookup table.</summary>
    Lut,

    /// <summary>One of the file's windows.</summary>
    Window,

    /// <summary>The whole range that the stored values can have.</summary>
    None,
}

/// <summary>Which part of its values a DICOM image is shown with (values of interest, PS3.3 C.11.2).</summary>
/// <param name="Kind">Lookup table, window, or neither.</param>
/// <param name="Index">Number of the window, from 1.</param>
public sealed record DicomVoi(DicomVoiKind Kind, int Index = 1)
{
    /// <summary>What a viewer would take.</summary>
    public static DicomVoi Auto { get; } = new(DicomVoiKind.Auto);

    /// <summary>Reads <c>Auto</c>, <c>Lut</c>, <c>Window</c>, <c>Window:2</c> or <c>None</c>, in any case of letters.</summary>
    /// <param name="text">The choice.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static DicomVoi Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, number) = text.Split(':') is [var first, var second] ? (first, second) : (text, null);
        var index = 1;
        var isKnown = Enum.TryParse<DicomVoiKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsDigit(name[0]);
        if (number is not null)
            isKnown &= kind == DicomVoiKind.Window && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index > 0;
        return isKnown ? new DicomVoi(kind, index) : throw new FormatException($"'{text}' is none of Auto, Lut, Window, Window:n (n from 1) and None.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind == DicomVoiKind.Window ? FormattableString.Invariant($"Window:{Index}") : Kind.ToString();
}
