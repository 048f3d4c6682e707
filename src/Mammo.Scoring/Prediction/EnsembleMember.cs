using System.Collections.Immutable;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Prediction;

/// <summary>One model of a run: its engine, how its images are prepared, and the name it has in the records.</summary>
/// <param name="Name">Model name, made unique among the run's models.</param>
/// <param name="Model">The model.</param>
/// <param name="Engine">What runs it.</param>
/// <param name="Preparation">How its images are prepared.</param>
internal sealed record EnsembleMember(string Name, MammoModel Model, IEngine Engine, ModelPreparation Preparation)
{
    /// <summary>Makes the members of a run.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelsDiffer"/>: the models have other classes; <see cref="ErrorIds.OutputActivationUnknown"/>: outputs that may be no
    /// probabilities.
    /// </exception>
    public static ImmutableArray<EnsembleMember> Of(
        IReadOnlyList<MammoModel> models, PredictorOptions options, CancellationToken cancellation)
    {
        var classes = models[0].Classes;
        if (models.FirstOrDefault(model => !model.Classes.SequenceEqual(classes, StringComparer.OrdinalIgnoreCase)) is { } other)
        {
            throw new MammoException(
                ErrorIds.ModelsDiffer,
                $"The models cannot be averaged: '{models[0].Name}' has the classes ({string.Join(", ", classes)}), '{other.Name}' "
                    + $"({string.Join(", ", other.Classes)}).",
                "Give models with the same classes in the same order; set them with -Class of Import-MammoModel.",
                other.Name);
        }

        var names = Ensemble.UniqueNames([.. models.Select(model => model.Name)]);
        return [.. models.Select(Member)];

        EnsembleMember Member(MammoModel model, int index)
        {
            if (ModelOutputs.Question(model) is { } question)
                throw new MammoException(question.Id, question.Message, question.SuggestedFix, model.Name);
            var prepared = ModelPreparation.For(model, options.Preparation);
            var engine = EngineFactory.For(model, options, prepared.Preparation.FeaturewiseMean, prepared.Preparation.Size, cancellation);
            return new(names[index], model, engine, prepared);
        }
    }
}
