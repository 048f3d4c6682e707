using Mammo.Data.Dicom;
using Mammo.Data.Images;

namespace Mammo.Networks.Models;

/// <summary>How DICOM files are read for models: as the user says, else as in the models' training, else as a viewer shows them.</summary>
public static class ModelDicom
{
    /// <summary>Decides for models that are given the same images.</summary>
    /// <param name="models">The models.</param>
    /// <param name="asked">What the user asks for.</param>
    /// <param name="wishes">What the user asks of the preparation: a scale of the user's own is one for grey values of 16 bits.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelsDiffer"/>: the models were trained on different values of DICOM files, and the user does not say which to take;
    /// <see cref="ErrorIds.ModelFileInvalid"/>: a card names values that there are not.
    /// </exception>
    public static DicomOptions For(IReadOnlyList<MammoModel> models, DicomOptions asked, PreparationWishes wishes)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(wishes);
        return asked with
        {
            Voi = asked.Voi ?? One(models, "-Voi", Voi),
            Orient = asked.Orient ?? One(models, "-Orient", model => model.Card.Orient),
            BitDepth = wishes is { RescaleFactor: null, TargetScale: null } && models.All(IsOfEightBits) ? 8 : 16,
        };
    }

    // The grey values of a DICOM image are shares of its range, so that they can be given in the depth of the training images; stored pixels of other files
    // cannot: they may use a part of theirs. Without a record of the training images, the factor 1 to the scale of the original says that they had eight bits.
    // Local contrast is made of the finest values that there are.
    private static bool IsOfEightBits(MammoModel model) => model.Card switch
    {
        { LocalContrast: not null } => false,
        { Inputs.BitDepths: { IsEmpty: false } depths } => depths.Keys.All(depth => depth == "8"),
        { TargetScale: null, RescaleFactor: 1 } card => ValueScale.Top(null, 1, card.FeaturewiseMean?.Average) == ValueScale.Original,
        _ => false,
    };

    private static T One<T>(IReadOnlyList<MammoModel> models, string parameter, Func<MammoModel, T> value)
    {
        var other = models.FirstOrDefault(model => !Equals(value(model), value(models[0])));
        return other is null ? value(models[0]) : throw new MammoException(
            ErrorIds.ModelsDiffer,
            $"'{models[0].Name}' and '{other.Name}' were trained on DICOM images that were read in different ways ({value(models[0])}, {value(other)}).",
            $"Say with {parameter} how to read them, or run the models one by one.",
            other.Name);
    }

    private static DicomVoi Voi(MammoModel model)
    {
        try
        {
            return model.Card.Voi is { } text ? DicomVoi.Parse(text) : DicomVoi.Auto;
        }
        catch (FormatException error)
        {
            throw new MammoException(ErrorIds.ModelFileInvalid, $"The card of '{model.Name}' is not valid: {error.Message}", target: model.Name, inner: error);
        }
    }
}
