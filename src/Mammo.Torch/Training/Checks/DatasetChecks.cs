using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training.Checks;

/// <summary>What may be wrong with the sets of a training, seen from their lists alone.</summary>
internal static class DatasetChecks
{
    /// <summary>Checks labels and classes of both sets.</summary>
    /// <exception cref="MammoException">A label is missing or a class empty, or classes do not fit.</exception>
    public static void Run(MammoModel model, TrainingData data, TrainingOptions options, Action<Finding> warn)
    {
        var (train, validation) = (data.Train, data.Validation);
        if (!train.Classes.SequenceEqual(validation.Classes, StringComparer.Ordinal))
            throw Mismatch(
                $"The training set has the classes ({Text(train)}), the validation set ({Text(validation)}).",
                "Give both sets the same classes in the same order.");
        if (model.OutputCount != train.Classes.Length)
            throw Mismatch(
                $"Model '{model.Name}' has {model.OutputCount} outputs, but the training set has {train.Classes.Length} classes ({Text(train)}).",
                "Make a model with as many classes, or name the classes that it knows.");
        if (!model.Card.Classes.IsDefaultOrEmpty && !model.Card.Classes.SequenceEqual(train.Classes, StringComparer.OrdinalIgnoreCase))
            throw Mismatch(
                $"Model '{model.Name}' has the classes ({string.Join(", ", model.Card.Classes)}), the training set ({Text(train)}).",
                "Give the sets the model's classes in its order, or say which belong together with -ClassMap.");
        CheckLabels(train);
        CheckLabels(validation);
        foreach (var (name, count) in train.Classes.Zip(train.ClassCounts))
        {
            if (count == 0)
                throw new MammoException(
                    ErrorIds.ClassEmpty,
                    $"Class '{name}' of training set '{train.Name}' has no images.",
                    "Check the names of the class folders, or leave the class out.",
                    name);
        }

        if (ClassOrder.Check($"training set '{train.Name}'", train.Classes) is { } reversed)
            warn(reversed);
        var missing = validation.Classes.Zip(validation.ClassCounts).Where(pair => pair.Second == 0).Select(pair => pair.First).ToArray();
        if (missing.Length > 0)
            warn(new Finding(
                ErrorIds.ValidationOneClass,
                $"Validation set '{validation.Name}' has no images of ({string.Join(", ", missing)}): its AUC is undefined and counts as 0, so the "
                    + "first epoch stays the best.")
            { SuggestedFix = "Split by patient with both classes in each part." });
        OptionChecks.Require(
            options.Compatibility != TrainingCompatibility.Keras208 || data.LoadValidationRam || validation.Count >= options.BatchSize,
            $"With Keras208 a validation set that is not held in memory needs at least BatchSize {options.BatchSize} images, and has {validation.Count}.",
            "Use -LoadValidationRam or a smaller -BatchSize.");
    }

    private static void CheckLabels(MammoDataset dataset)
    {
        if (dataset.Count == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, $"Set '{dataset.Name}' has no images.", target: dataset.Name);
        var unlabelled = dataset.Images.FirstOrDefault(image => image.Label is null || image.Label < 0 || image.Label >= dataset.Classes.Length);
        if (unlabelled is not null)
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"The image '{unlabelled.Path}' of set '{dataset.Name}' has no label.",
                "Leave images without a known class out of training and validation.",
                unlabelled.Path);
    }

    private static string Text(MammoDataset dataset) => string.Join(", ", dataset.Classes);

    private static MammoException Mismatch(string message, string suggestedFix) => new(ErrorIds.ModelClassMismatch, message, suggestedFix);
}
