using System.Buffers.Binary;

namespace Mammo.Data.Dicom.Writing;

/// <summary>
/// How a presentation state shows the grey values of its image: it replaces what the image itself says of them (PS3.4, N.2), so that all of it is said again.
/// </summary>
internal static class GreyPresentation
{
    private const uint SoftcopyVoiLutSequence = 0x00283110;
    private const uint PresentationLutShape = 0x20500020;

    /// <summary>Sets modality, VOI and presentation transformations as they were for the network.</summary>
    /// <param name="state">The presentation state.</param>
    /// <param name="path">The image.</param>
    /// <param name="frame">Number of the frame, from 1.</param>
    /// <param name="voiUsed">What the values were shown with: <c>Lut</c>, <c>Window:n</c> with its function, or <c>None</c>.</param>
    /// <exception cref="MammoException">Those of <see cref="DicomReader.ReadInfo"/>.</exception>
    public static void Set(DicomItem state, string path, int frame, string? voiUsed) => Images.ImageErrors.Guarded(path, () =>
    {
        using var file = DicomFile.Open(path);
        var image = file.DataSet;
        var frames = image.Items(DicomTag.PerFrameFunctionalGroupsSequence);
        DicomDataSet?[] groups = [frame <= frames.Count ? frames[frame - 1] : null, image.Item(DicomTag.SharedFunctionalGroupsSequence)];
        DicomDataSet ItemOf(uint sequence, uint tag) =>
            groups.Select(group => group?.Item(sequence)).FirstOrDefault(item => item?.Value(tag) is not null) ?? image;
        SetModality(state, image, ItemOf(DicomTag.PixelValueTransformationSequence, DicomTag.RescaleSlope));
        SetVoi(state, image, ItemOf(DicomTag.FrameVoiLutSequence, DicomTag.WindowCenter), voiUsed);
        var isInverted = image.Code(DicomTag.PhotometricInterpretation)?.ToUpperInvariant() == "MONOCHROME1";
        return state.Text(PresentationLutShape, "CS", isInverted ? "INVERSE" : "IDENTITY");
    });

    private static void SetModality(DicomItem state, DicomDataSet image, DicomDataSet rescale)
    {
        if (image.Item(DicomTag.ModalityLutSequence) is { } table)
        {
            state.Items(DicomTag.ModalityLutSequence, Table(table)
                .Copy(DicomTag.ModalityLutType, "LO", table.Value(DicomTag.ModalityLutType)?.Bytes ?? "US"u8.ToArray()));
            return;
        }

        state.Copy(DicomTag.RescaleIntercept, "DS", rescale.Value(DicomTag.RescaleIntercept)?.Bytes ?? "0"u8.ToArray())
            .Copy(DicomTag.RescaleSlope, "DS", rescale.Value(DicomTag.RescaleSlope)?.Bytes ?? "1"u8.ToArray())
            .Copy(DicomTag.RescaleType, "LO", rescale.Value(DicomTag.RescaleType)?.Bytes ?? "US"u8.ToArray());
    }

    private static void SetVoi(DicomItem state, DicomDataSet image, DicomDataSet window, string? voiUsed)
    {
        var voi = new DicomItem();
        if (voiUsed == "Lut" && image.Item(DicomTag.VoiLutSequence) is { } table)
            voi.Items(DicomTag.VoiLutSequence, Table(table, isVoi: true));
        else if (voiUsed?.StartsWith("Window:", StringComparison.Ordinal) == true)
        {
            var parts = voiUsed["Window:".Length..].Split(' ');
            var index = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) - 1;
            voi.Text(DicomTag.WindowCenter, "DS", window.Codes(DicomTag.WindowCenter)[index])
                .Text(DicomTag.WindowWidth, "DS", window.Codes(DicomTag.WindowWidth)[index])
                .Text(DicomTag.VoiLutFunction, "CS", parts[^1]);
        }

        if (voi.Fields.Count > 0)
            state.Items(SoftcopyVoiLutSequence, voi);
    }

    // The first value of the descriptor, and the entries, have the sign that the image gives them.
    private static DicomItem Table(DicomDataSet table, bool isVoi = false)
    {
        var vr = table.Value(DicomTag.LutDescriptor)?.Vr == DicomVr.SS ? "SS" : "US";
        var (descriptor, data) = (LittleEndian(table.Value(DicomTag.LutDescriptor)), LittleEndian(table.Value(DicomTag.LutData)));
        if (isVoi)
            Widen(descriptor, data);
        var item = new DicomItem().Bytes(DicomTag.LutDescriptor, vr, descriptor).Bytes(DicomTag.LutData, "OW", data);
        return table.Value(DicomTag.LutExplanation) is { } explanation ? item.Copy(DicomTag.LutExplanation, "LO", explanation.Bytes) : item;
    }

    // A presentation state's table has entries of 8 or 16 bits, an image's of any number between: shares of its range, whose end stays white.
    private static void Widen(Span<byte> descriptor, Span<byte> data)
    {
        const int depth = 2 * sizeof(ushort);
        if (descriptor.Length <= depth || descriptor[depth] is <= 8 or >= 16)
            return;
        var top = (1 << descriptor[depth]) - 1;
        descriptor[depth] = 16;
        for (; data.Length >= sizeof(ushort); data = data[sizeof(ushort)..])
        {
            var value = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(data), top);
            BinaryPrimitives.WriteUInt16LittleEndian(data, (ushort)Math.Round((double)value * ushort.MaxValue / top));
        }
    }

    private static byte[] LittleEndian(DicomValue? value)
    {
        byte[] bytes = [.. value?.Bytes ?? []];
        for (var i = 0; value?.IsBigEndian == true && i + 1 < bytes.Length; i += 2)
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        return bytes;
    }
}
