/** As CloudWatch sends it ("Details about custom widgets in CloudWatch", CloudWatch User Guide). */
export function widgetEvent(context: Readonly<Record<string, unknown>> = {}): unknown {
	return {
		widgetContext: {
			dashboardName: "podroute",
			widgetId: "widget-16",
			accountId: "123456789012",
			locale: "en",
			timezone: { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 },
			period: 300,
			isAutoPeriod: true,
			timeRange: {
				mode: "relative",
				start: 1_767_322_545_000,
				end: 1_767_323_045_000,
				relativeStart: 500_000,
			},
			theme: "light",
			linkCharts: true,
			title: "Blocks",
			forms: { all: {} },
			params: {},
			width: 850,
			height: 550,
			...context,
		},
	};
}
