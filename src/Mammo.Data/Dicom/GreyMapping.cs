using System.Collections.Immutable;

namespace Mammo.Data.Dicom;

/// <summary>
/// From stored pixels to grey values of 16 or 8 bits in the order of the standard (PS3.3, C.11; PS3.4, N.2): the bits that are used, their sign, modality
/// lookup table or rescale, values of interest, MONOCHROME1 inverted last and once; pixels of padding are black. All of it is one table with an entry for
/// each pattern of bits.
/// </summary>
internal sealed class GreyMapping
{
    private readonly PixelLayout _layout;
    private readonly DicomDataSet _image;
    private readonly DicomDataSet[] _groups;
    private readonly ImmutableArray<DicomRemark>.Builder _remarks = ImmutableArray.CreateBuilder<DicomRemark>();
    private readonly int _white;
    private readonly double[] _values;
    private readonly (int Lowest, int Highest)? _padding;

    /// <param name="layout">How pixels are stored.</param>
    /// <param name="image">The image's elements.</param>
    /// <param name="frame">Number of the frame, from 1, for images that say some things of each frame.</param>
    /// <param name="voi">Which values are shown.</param>
    /// <param name="bitDepth">Bits of the grey values, 8 or 16.</param>
    /// <exception cref="InvalidDataException">What the file says of its values is damaged.</exception>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomVoiMissing"/>: the file lacks what is asked for.</exception>
    public GreyMapping(PixelLayout layout, DicomDataSet image, int frame, DicomVoi voi, int bitDepth)
    {
        (_layout, _image, _white) = (layout, image, (1 << bitDepth) - 1);
        var frames = image.Items(DicomTag.PerFrameFunctionalGroupsSequence);
        DicomDataSet?[] groups = [frame <= frames.Count ? frames[frame - 1] : null, image.Item(DicomTag.SharedFunctionalGroupsSequence)];
        _groups = [.. groups.OfType<DicomDataSet>()];
        _padding = Padding();
        _values = Values();
        Table = Greys(voi);
        if (IsOneGrey())
        {
            Remark(
                $"All values that the image can have are shown as the same grey ({VoiUsed}): what the file says of its values does not fit them.",
                "Read it with -Voi None, or with another window.");
        }
    }

    /// <summary>Grey value, from 0 (black) to 255 or 65535, for each pattern of <see cref="PixelLayout.BitsStored"/> bits.</summary>
    public ushort[] Table { get; }

    /// <summary>What was used: <c>Lut</c>, <c>Window:n</c> with its function, or <c>None</c>.</summary>
    public string VoiUsed { get; private set; } = "None";

    /// <summary>What is remarkable about the file's description of its values.</summary>
    public ImmutableArray<DicomRemark> Remarks => _remarks.ToImmutable();

    private bool IsOneGrey()
    {
        int? grey = null;
        for (var pattern = 0; pattern < Table.Length; pattern++)
        {
            if (IsPadding(pattern))
                continue;
            grey ??= Table[pattern];
            if (Table[pattern] != grey)
                return false;
        }

        return true;
    }

    private void Remark(string message, string suggestedFix) => _remarks.Add(new DicomRemark(ErrorIds.DicomWindow, message, suggestedFix));

    // The item that says something for this frame, for all frames, or for the image.
    private DicomDataSet ItemOf(uint sequence, uint tag) =>
        _groups.Select(group => group.Item(sequence)).OfType<DicomDataSet>().FirstOrDefault(item => item.Value(tag) is not null) ?? _image;

    private double[] Values()
    {
        var values = new double[1 << _layout.BitsStored];
        for (var pattern = 0; pattern < values.Length; pattern++)
            values[pattern] = _layout.Value(pattern);
        if (_image.Item(DicomTag.ModalityLutSequence) is { } item)
        {
            var table = LookupTable.Read(item, values.Min(), values.Max(), _layout.IsSigned);
            return Array.ConvertAll(values, value => (double)table[value]);
        }

        var rescale = ItemOf(DicomTag.PixelValueTransformationSequence, DicomTag.RescaleSlope);
        var (slope, intercept) = (rescale.Number(DicomTag.RescaleSlope) ?? 1, rescale.Number(DicomTag.RescaleIntercept) ?? 0);
        if (slope == 0)
            throw new InvalidDataException("its Rescale Slope (0028,1053) is 0, which would make all pixels equal");
        return Array.ConvertAll(values, value => (slope * value) + intercept);
    }

    private ushort[] Greys(DicomVoi voi)
    {
        var grey = Lut(voi) ?? Window(voi) ?? WholeRange();
        var table = new ushort[_values.Length];
        for (var pattern = 0; pattern < table.Length; pattern++)
        {
            var level = (int)Math.Floor((Math.Clamp(grey(_values[pattern]), 0, 1) * _white) + 0.5);
            table[pattern] = IsPadding(pattern) ? (ushort)0 : (ushort)(_layout.IsInverted ? _white - level : level);
        }

        return table;
    }

    private Func<double, double>? Lut(DicomVoi voi)
    {
        if (voi.Kind is not (DicomVoiKind.Auto or DicomVoiKind.Lut))
            return null;
        if (_image.Item(DicomTag.VoiLutSequence) is not { } item)
            return voi.Kind == DicomVoiKind.Auto ? null : throw Missing("no VOI lookup table");
        // What a modality lookup table gives has no sign.
        var table = LookupTable.Read(item, _values.Min(), _values.Max(), _layout.IsSigned && _image.Item(DicomTag.ModalityLutSequence) is null);
        VoiUsed = "Lut";
        var highest = (double)((1 << table.Bits) - 1);
        if (table.Highest > highest)
        {
            Remark(
                $"The file's VOI lookup table has entries up to {table.Highest} and says that they have {table.Bits} bits: what is above {highest} is white.",
                "Read it with -Voi Window or None, and compare the image with others of the same machine.");
        }

        return value => table[value] / highest;
    }

    private Func<double, double>? Window(DicomVoi voi)
    {
        if (voi.Kind is not (DicomVoiKind.Auto or DicomVoiKind.Window))
            return null;
        var item = ItemOf(DicomTag.FrameVoiLutSequence, DicomTag.WindowCenter);
        var (centers, widths) = (item.Numbers(DicomTag.WindowCenter), item.Numbers(DicomTag.WindowWidth));
        var count = Math.Min(centers.Length, widths.Length);
        if (voi.Index > count || voi.Index < 1)
            return voi.Kind == DicomVoiKind.Auto ? null : throw Missing(count == 0 ? "no window" : FormattableString.Invariant($"only {count} windows"));
        var window = new VoiWindow(centers[voi.Index - 1], widths[voi.Index - 1], Function(item));
        if (window.Width <= 0)
        {
            Remark(
                $"The file's window ({window}) has no width and was not used: the whole range of stored values is shown.",
                "Compare the image with others of the same machine.");
            return null;
        }

        var function = window.Function switch { VoiFunction.Sigmoid => "SIGMOID", VoiFunction.LinearExact => "LINEAR_EXACT", _ => "LINEAR" };
        VoiUsed = FormattableString.Invariant($"Window:{voi.Index} {function}");
        return window.Grey;
    }

    private VoiFunction Function(DicomDataSet item)
    {
        switch (item.Code(DicomTag.VoiLutFunction)?.ToUpperInvariant())
        {
            case null or "LINEAR":
                return VoiFunction.Linear;
            case "LINEAR_EXACT":
                return VoiFunction.LinearExact;
            case "SIGMOID":
                return VoiFunction.Sigmoid;
            case var name:
                Remark($"The file's window has the unknown function '{name}'; LINEAR was used.", "Check the grey values with the manufacturer's viewer.");
                return VoiFunction.Linear;
        }
    }

    // From the modality's value for the lowest stored value to that for the highest one; with a negative slope the other way round.
    private Func<double, double> WholeRange()
    {
        var (first, last) = (_values[_layout.IsSigned ? _values.Length / 2 : 0], _values[_layout.IsSigned ? (_values.Length / 2) - 1 : ^1]);
        var (lowest, highest) = first == last ? (_values.Min(), _values.Max()) : (Math.Min(first, last), Math.Max(first, last));
        var range = highest > lowest ? highest - lowest : 1;
        return value => (value - lowest) / range;
    }

    private bool IsPadding(int pattern)
    {
        var value = _layout.Value(pattern);
        return value >= _padding?.Lowest && value <= _padding?.Highest;
    }

    private (int Lowest, int Highest)? Padding()
    {
        if (_image.UInt16(DicomTag.PixelPaddingValue) is not { } word)
            return null;
        // Whatever their representation, the values have the sign that pixels have.
        int Value(int word) => _layout.IsSigned ? (short)word : word;
        var (one, other) = (Value(word), Value(_image.UInt16(DicomTag.PixelPaddingRangeLimit) ?? word));
        return (Math.Min(one, other), Math.Max(one, other));
    }

    private static MammoException Missing(string what) => DicomChecks.VoiMissing(what).ToException();
}
