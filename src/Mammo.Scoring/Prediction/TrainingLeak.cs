using System.Collections.Frozen;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>Finds images of patients on whom models were trained, by the models' cards.</summary>
/// <param name="models">The models.</param>
internal sealed class TrainingLeak(IReadOnlyList<MammoModel> models)
{
    private readonly FrozenSet<string> _trained = models.SelectMany(model => TrainedPatients.In(model.Card)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is to be said of an image; nothing where its patient is unknown or another one.</summary>
    public Finding[] Of(MammoImage image) => image.Patient is { } patient && _trained.Contains(PatientIds.Hash(patient))
        ?
        [
            new Finding(
                ErrorIds.DataLeakage, $"'{models[0].Name}' was trained on images of the patient '{patient}': its scores for them say nothing about others.")
            {
                Subject = image.Path,
                Patient = patient,
                SuggestedFix = "Test on other patients (Split-MammoDataset -By Patient).",
            },
        ]
        : [];
}
