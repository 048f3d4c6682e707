namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// What the marker segments of the main header, or of one tile's headers, say of coding. A segment of a tile goes before one of the main header,
/// and within a header one for a component before one for all (T.800, A.6).
/// </summary>
/// <param name="main">The main header's parameters, where this is a tile's.</param>
internal sealed class CodingParameters(CodingParameters? main)
{
    private readonly Dictionary<int, ComponentCoding> _codings = [];
    private readonly Dictionary<int, Quantization> _quantizations = [];
    private readonly Dictionary<int, int> _shifts = [];
    private readonly List<ProgressionChange> _changes = [];
    private CodingStyle? _style;
    private Quantization? _quantization;

    public CodingStyle Style => _style ?? main?.Style ?? throw new CodecException("there is no COD in front of the first tile");

    /// <summary>Changes of the progression order; empty where COD's holds throughout.</summary>
    public IReadOnlyList<ProgressionChange> Changes => _changes.Count > 0 || main is null ? _changes : main.Changes;

    public ComponentCoding Coding(int component) => CodingOrNull(component) ?? Style.Component;

    public Quantization Quantization(int component) => QuantizationOrNull(component) ?? throw new CodecException("there is no QCD in front of the first tile");

    /// <summary>How many bit planes the region of interest is shifted up by.</summary>
    public int Shift(int component) => _shifts.TryGetValue(component, out var shift) ? shift : main?.Shift(component) ?? 0;

    /// <summary>Takes a marker segment in, if it is one that tells of coding.</summary>
    public void Add(int marker, HeaderReader reader, int components)
    {
        switch (marker)
        {
            case Marker.Cod:
                _style = CodingStyle.Read(reader);
                break;
            case Marker.Coc:
                var component = reader.Component(components);
                _codings[component] = ComponentCoding.Read(ref reader, (reader.Byte() & 1) != 0);
                break;
            case Marker.Qcd:
                _quantization = Jpeg2000.Quantization.Read(ref reader);
                break;
            case Marker.Qcc:
                _quantizations[reader.Component(components)] = Jpeg2000.Quantization.Read(ref reader);
                break;
            case Marker.Rgn:
                AddShift(ref reader, components);
                break;
            case Marker.Poc:
                ProgressionChange.Read(reader, components, _changes);
                break;
        }
    }

    private void AddShift(ref HeaderReader reader, int components)
    {
        var component = reader.Component(components);
        if (reader.Byte() != 0)
            throw new CodecException("the region of interest is not one of JPEG 2000 Part 1", isUnsupported: true);
        var shift = reader.Byte();
        _shifts[component] = shift <= 37 ? shift : throw new CodecException($"a region of interest is shifted by {shift} bits");
    }

    private ComponentCoding? CodingOrNull(int component) =>
        _codings.TryGetValue(component, out var coding) ? coding : _style?.Component ?? main?.CodingOrNull(component);

    private Quantization? QuantizationOrNull(int component) =>
        _quantizations.TryGetValue(component, out var quantization) ? quantization : _quantization ?? main?.QuantizationOrNull(component);
}
