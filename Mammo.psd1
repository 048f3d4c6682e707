@{
  # The loader comes before the cmdlets: it keeps the module's libraries in a load context of their own.
  NestedModules = @('module/BuildCheck.psm1', 'module/bin/Mammo.Loader.dll')
  RootModule = 'module/bin/Mammo.PowerShell.dll'
  ModuleVersion = '0.1.0'
  GUID = '6a3f0f5e-7d1c-4c7e-9f43-2b1d7f0c9e58'
  Author = 'The Mammo authors'
  Copyright = 'The Mammo authors. MIT licence.'
  Description = 'Whole-image breast cancer classification on mammograms: trains, runs and evaluates the end-to-end all-convolutional networks of Shen et al. For research use only.'
  PowerShellVersion = '7.6'
  CompatiblePSEditions = @('Core')
  FormatsToProcess = @('module/Mammo.format.ps1xml')
  TypesToProcess = @('module/Mammo.types.ps1xml')
  FunctionsToExport = @()
  CmdletsToExport = @(
    'Compare-MammoPrediction'
    'Convert-MammoImage'
    'Convert-MammoModel'
    'Export-MammoDataset'
    'Export-MammoDicom'
    'Export-MammoHeatmap'
    'Export-MammoModel'
    'Export-MammoPlot'
    'Export-MammoReport'
    'Get-FeaturewiseMean'
    'Get-MammoArchitecture'
    'Get-MammoHeatmap'
    'Get-MammoImageInfo'
    'Get-MammoRuntime'
    'Get-RescaleFactor'
    'Import-MammoDataset'
    'Import-MammoModel'
    'Install-MammoRuntime'
    'Invoke-MammoCrossValidation'
    'Invoke-MammoFinetune'
    'Invoke-MammoPredict'
    'Invoke-MammoWorklist'
    'Invoke-PatchTraining'
    'Join-MammoExam'
    'Join-MammoModel'
    'Measure-MammoHeatmap'
    'Measure-MammoPrediction'
    'Merge-MammoResult'
    'New-MammoCalibration'
    'New-MammoExamCombination'
    'New-MammoPatchSet'
    'New-MammoWorklist'
    'New-PatchModel'
    'New-WholeImageModel'
    'Remove-MammoModel'
    'Send-MammoDicom'
    'Split-MammoDataset'
    'Split-MammoModel'
    'Test-MammoDataset'
    'Test-MammoInput'
    'Uninstall-MammoRuntime'
  )
  VariablesToExport = @()
  # The names of the cmdlets that are not found under Mammo, as they are.
  AliasesToExport = @(
    'Get-MammoFeaturewiseMean'
    'Get-MammoPrediction'
    'Get-MammoRescaleFactor'
    'Invoke-MammoPatchTraining'
    'New-MammoPatchModel'
    'New-MammoWholeImageModel'
  )
  PrivateData = @{
    PSData = @{
      Tags = @('mammography', 'deep-learning', 'medical-imaging', 'TorchSharp', 'PSEdition_Core', 'Windows', 'Linux')
      LicenseUri = 'https://opensource.org/license/mit'
      ReleaseNotes = 'See CHANGELOG.md.'
    }
  }
}
